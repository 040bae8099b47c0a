// ./check of one service: asked whether a service that runs is of use already. It runs beside everything else, as often
// as it says no, with a growing pause between.
#pragma once

#include <sys/types.h>

#include <csignal>

#include "base/fixed_string.hpp"
#include "base/instant.hpp"
#include "model/exit_record.hpp"
#include "model/status_record.hpp"
#include "sv/service_place.hpp"

namespace runsuite::sv {

class CheckScript {
public:
    enum class Answer {
        Yes,      // it said so of the process of `record`
        Absent,   // there is no such script
        Pending,  // it runs, or pauses until next_look()
    };

    // Starts the script when it is time to. Fails when it is there and cannot be run.
    Result<Answer> ask(ServicePlace& place, const StatusRecord& record, const sigset_t& mask, Instant now);

    bool is_running(pid_t pid) const { return pid_ == pid; }
    bool is_absent() const { return is_absent_; }
    void ended(int wait_status, Instant now);
    // Ends it, and whatever it has started.
    void kill();

    // What it is that was not said in time: "./check failed 11 times, last said: WORDS"; nothing where it was not asked, or has
    // to be asked again.
    using Complaint = FixedString<320>;
    Complaint complaint() const;

    // When to ask again; never while it runs.
    Instant next_look() const { return pid_ == 0 ? not_before_ : never; }

private:
    void pause(Instant now);
    void keep_last_words();

    pid_t pid_ = 0;
    UniqueFd said_;  // its standard error
    FixedString<200> last_words_;
    ExitRecord last_end_;
    unsigned failures_ = 0;
    bool said_yes_ = false;
    bool is_absent_ = false;  // when it was to be asked last
    StatusRecord asked_of_;
    Instant not_before_ = Instant::min();
    Instant pause_ = first_pause;

    static constexpr Instant first_pause = std::chrono::milliseconds(20);
    static constexpr Instant longest_pause = std::chrono::milliseconds(420);
};

}  // namespace runsuite::sv
