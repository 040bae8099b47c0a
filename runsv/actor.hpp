// Carries out what the rule has decided for one service: starts its programs, sends its signals. Decides nothing.
#pragma once

#include <optional>

#include "posix/signals.hpp"
#include "posix/spawn.hpp"
#include "runsv/log_pipe.hpp"
#include "runsv/record.hpp"
#include "runsv/service.hpp"

namespace runsuite::runsv {

class Actor {
public:
    Actor(Kind kind, const Signals& signals, const LogPipe& pipe, Record& record)
        : kind_(kind), signals_(signals), pipe_(pipe), record_(record)
    {
    }

    // The answer that has to be fed back, without its time, or nothing where the action has none. `adopted` watches the
    // process of a service that is not our child, else -1.
    std::optional<Event> carry_out(const Action& action, const Service& service, int adopted) const;

private:
    Event start_run() const;
    Event start_finish(const Service& service) const;
    Event prepare() const;
    Event ask_script(Script script) const;
    Result<Spawned> start(const char* const* argv) const;
    Event answer_of(const Result<Spawned>& spawned) const;

    Kind kind_;
    const Signals& signals_;
    const LogPipe& pipe_;
    Record& record_;
};

}  // namespace runsuite::runsv
