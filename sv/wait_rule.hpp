// When a command has taken effect: a pure rule over what the status said before it was sent and what it says now.
//
// Whoever asks makes sure first that runsv has read every byte of the command (see fence in service_place.hpp); `now`
// is read after that. So a state that was there all along counts just as well as one that came about: up is up.
// Only a new process has to be told from the old one, and that is done by the stamp, to the nanosecond, and
// never by a clock of ours, which may be set at any time.
//
//   u        runs, and ./check agrees
//   d        is down
//   t, k     another process than before, without a TERM on its way, and ./check agrees; or the service is down and
//            was to be
//   o        runs for the last time; or it did: it is down, but not since the same moment as before
//   p        nothing runs, or it is paused
//   c        nothing runs, or it is not paused
//   x        runsv has ended, which no status can tell: not yet
//   others   at once
//
// Where ./check has to agree and there is none, the run has to last: see settle_rule.
// All bytes of a command have to hold. No bytes at all, a check: what the status says is wanted.
#pragma once

#include <optional>
#include <string_view>

#include "model/status_record.hpp"

namespace runsuite::sv {

enum class Verdict {
    NotYet,
    Good,
    GoodIfChecked,  // when ./check says so too, or the run lasts
};

// `before` is nothing when the status could not be read then: no process is known to be the old one.
Verdict judge(std::string_view bytes, const std::optional<StatusRecord>& before, const StatusRecord& now);

// Whether a run is waited for, or can be: without one, as a check of a service that is to be down, it never is.
bool waits_for_run(std::string_view bytes);
// Whether the run from before is to end.
bool ends_run(std::string_view bytes);

}  // namespace runsuite::sv
