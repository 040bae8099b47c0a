// runit's loop: what process 1 does from the boot of the machine to its end.
#pragma once

#include "init/actor.hpp"
#include "init/stage_rule.hpp"
#include "posix/process.hpp"
#include "posix/signals.hpp"

namespace runsuite::init {

class Supervisor {
public:
    void open();

    // Returns the exit code where the machine is none that could be ended: a container.
    int run();

private:
    void feed(Event event);
    void reap();
    void take_requests();
    void wait();
    bool is_anyone_left() const;
    int end();
    void rest();

    Signals signals_;
    Actor actor_;
    Machine machine_;
};

}  // namespace runsuite::init
