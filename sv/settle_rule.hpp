// When a service that runs counts as running, where neither ./check nor the service itself tells: once its run has lasted.
// A process that was started is not yet a service that works.
//
//   before the command                                      so long
//   ------------------------------------------------------  ---------------------------------------------------------
//   SVSETTLE is 0                                           not at all
//   the last end was unasked and less than 10 s ago         1 s, or SVSETTLE where that is more; when the time to wait
//                                                           is over, as in the next line
//   otherwise                                               100 ms, or SVSETTLE
//
//   a run that ended since                                  what it means
//   ------------------------------------------------------  ---------------------------------------------------------
//   somebody had asked it to                                nothing: the next one is waited for
//   it was there before, and the command was to end it      nothing
//   it had lasted so long; where there is a ./check that    nothing
//   has not agreed, as long as is waited
//   otherwise                                               the command has failed
//
// Ends are known from supervise/deaths. Where there is none, as with runit's runsv, the status tells as far as it can: a run
// was seen and is over, or the service was down and has become down once more.
//
// How long a run has lasted is said by its stamp and the wall clock. That may be set, so what is known otherwise limits it:
// at least as long as it has been looked at, and where it is not the run from before, no longer than since then.
#pragma once

#include <optional>

#include "base/instant.hpp"
#include "model/death_record.hpp"
#include "model/status_record.hpp"

namespace runsuite::sv {

inline constexpr Instant usual_settle_time = std::chrono::milliseconds(100);

// `usual` is the time that was asked for; `last` the end before.
Instant settle_time(Instant usual, const std::optional<DeathRecord>& last, Tai64n now);

// From one stamp to another, at most a century, which is longer than anything here.
std::chrono::nanoseconds between(const Tai64n& earlier, const Tai64n& later);

bool is_same_run(const StatusRecord& one, const StatusRecord& other);

struct Limits {
    Instant least;
    Instant most;
};
Instant lasted(const StatusRecord& run, Tai64n now, const Limits& limits);

// Whether an end that has been written down since makes the command fail. `ended` is the run that the command was to end, if
// any; `limit` how long a run has to last.
bool is_early(const DeathRecord& end, Instant limit, const std::optional<StatusRecord>& ended);

// The same by the status alone: for how long the run was there at most, if it is over and was too short. `run` is what was
// seen of it last, nothing when none was seen since the command.
struct Seen {
    std::optional<StatusRecord> before;
    std::optional<StatusRecord> run;
};
std::optional<Instant> early_end_seen(const Seen& seen, const StatusRecord& now, Instant limit);

}  // namespace runsuite::sv
