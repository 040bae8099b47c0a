// Carries out what is due for a service: starts its runsv, stops it, tells of it.
#pragma once

#include <csignal>
#include <span>

#include "posix/spawn.hpp"
#include "runsvdir/services.hpp"

namespace runsuite::runsvdir {

class Actor {
public:
    // What every runsv is started with. `mask` and `redirects` are kept, not copied.
    void open(const sigset_t& mask, std::span<const Redirect> redirects, bool own_sessions);
    // What a runsv finds in its environment beside what is in ours.
    void mark(bool is_container, bool is_ordered);

    void carry_out(Due due, Services& services, Known& known);
    static void stop(Known& known);

    // After a fork that failed none is tried before that.
    Instant no_start_before() const { return no_start_before_; }

private:
    void start(Services& services, Known& known);
    static void tell_of_succession(const Known& known, Known& predecessor);

    SpawnSpec spec_;
    bool is_container_ = false;
    Complaint fork_trouble_;
    Instant no_start_before_{};
};

}  // namespace runsuite::runsvdir
