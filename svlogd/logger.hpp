// The program: standard input, the logs, and the one loop.
#pragma once

#include <sys/types.h>

#include <cstddef>

#include "posix/signals.hpp"
#include "svlogd/log.hpp"
#include "svlogd/pace.hpp"

namespace runsuite::svlogd {

class Logger {
public:
    Outcome open(const Options& options);
    // The exit code. That of a failure when no log can be opened, now or after HUP.
    int run();

private:
    // Reading: whatever comes. FinishingLine: after TERM, to the end of the present line and no further, for the
    // rest belongs to a successor on the same pipe. Ended: nothing more is read.
    enum class State { Reading, FinishingLine, Ended };

    Outcome make_logs();
    bool reopen(Instant now);
    void take_signals(Instant now);
    void reap(Instant now);
    void read_input(Instant now);
    void hang_up(Instant now);
    void begin_end(Instant now);
    void end_input(Instant now);
    void take_term(Instant now);
    void end_by_force(Instant now);
    int finish();
    void distribute(Instant now);
    void tell_waits(Instant now);
    void give_back_memory(Instant now);
    bool is_stuck() const;
    bool is_done() const;
    Instant deadline() const;

    Signals signals_;
    Common common_;
    Memory memory_;
    LineReader reader_;
    alignas(Log) std::byte room_for_one_[sizeof(Log)];  // there is one svlogd per service, most with one log
    Memory room_for_more_;
    std::span<Log> logs_;
    State state_ = State::Reading;
    bool failed_ = false;
    bool warned_input_ = false;
    bool warned_wait_ = false;
    Instant read_again_at_ = never;  // after an error, or when bytes are left to gather
    Pace pace_;
    Instant hand_back_at_ = never;
};

}  // namespace runsuite::svlogd
