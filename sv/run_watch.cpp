#include "sv/run_watch.hpp"

#include <algorithm>

#include "posix/clock.hpp"

namespace runsuite::sv {

namespace {

Tai64n stamp()
{
    return Tai64n::from_unix(wall_now());
}

}  // namespace

void RunWatch::begin(ServicePlace& place, const std::optional<StatusRecord>& before, Instant usual,
                     Instant longest)
{
    LastEnds ends;
    place.read_last_ends(ends);
    last_ = ends.newest();
    before_ = seen_.before = before;
    begun_ = monotonic_now();
    usual_ = usual;
    settle_ = limit_ = settle_time(usual, last_, stamp());
    longest_ = std::max(settle_, longest);
}

void RunWatch::see(const StatusRecord& record, Instant now)
{
    if (!seen_.run || !is_same_run(*seen_.run, record)) seen_at_ = now;
    seen_.run = record;
}

Instant RunWatch::lasted_at(const StatusRecord& record, Instant now) const
{
    const bool is_seen = seen_.run && is_same_run(*seen_.run, record);
    const bool is_old = !before_ || is_same_run(*before_, record);
    return lasted(record, stamp(), {is_seen ? now - seen_at_ : Instant::zero(), is_old ? never : now - begun_});
}

std::optional<EarlyEnd> RunWatch::early_end(ServicePlace& place, const StatusRecord& now, bool ends_before)
{
    LastEnds ends;
    place.read_last_ends(ends);
    const auto newest = ends.newest();
    if (newest && newest != last_) {
        last_ = newest;
        seen_ = {};  // what was seen has been told by this
        const bool is_bad = is_early(*newest, limit_, ends_before ? before_ : std::nullopt);
        return is_bad ? std::optional(EarlyEnd{newest, ends.in_a_row(), newest->ran}) : std::nullopt;
    }
    const auto ran = early_end_seen(seen_, now, limit_);
    return ran ? std::optional(EarlyEnd{std::nullopt, 1, *ran}) : std::nullopt;
}

}  // namespace runsuite::sv
