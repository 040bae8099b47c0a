#include "sv/settle_rule.hpp"

#include <algorithm>

namespace runsuite::sv {

namespace {

using namespace std::chrono_literals;

constexpr Instant recent = 10s;
constexpr Instant settle_time_after_crash = 1s;
constexpr std::int64_t century = 3'200'000'000;  // in seconds

// The end and the length of a run are rounded, and of two clocks.
constexpr std::chrono::nanoseconds rounding = 5ms;

}  // namespace

Instant settle_time(Instant usual, const std::optional<DeathRecord>& last, Tai64n now)
{
    const bool has_crashed = last && !last->asked && between(last->at, now) < recent;
    return has_crashed && usual > Instant::zero() ? std::max(usual, settle_time_after_crash) : usual;
}

std::chrono::nanoseconds between(const Tai64n& earlier, const Tai64n& later)
{
    const auto seconds = static_cast<std::int64_t>(later.seconds - earlier.seconds);
    const auto rest =
        static_cast<std::int64_t>(later.nanoseconds) - static_cast<std::int64_t>(earlier.nanoseconds);
    return std::chrono::seconds(std::clamp(seconds, -century, century)) + std::chrono::nanoseconds(rest);
}

bool is_same_run(const StatusRecord& one, const StatusRecord& other)
{
    return one.state == ServiceState::Run && other.state == ServiceState::Run && one.since == other.since &&
           one.pid == other.pid;
}

Instant lasted(const StatusRecord& run, Tai64n now, const Limits& limits)
{
    return std::clamp<Instant>(between(run.since, now), limits.least, std::max(limits.least, limits.most));
}

bool is_early(const DeathRecord& end, Instant limit, const std::optional<StatusRecord>& ended)
{
    if (end.asked || end.ran >= limit) return false;
    if (!ended || ended->state != ServiceState::Run) return true;
    const auto later = between(ended->since, end.at) - end.ran;
    return later > rounding || later < -rounding;
}

std::optional<Instant> early_end_seen(const Seen& seen, const StatusRecord& now, Instant limit)
{
    if (now.want != Want::Up || limit == Instant::zero()) return std::nullopt;
    if (!seen.run) {
        const bool was_down = seen.before && seen.before->state == ServiceState::Down;
        const bool is_down_again = was_down && now.state == ServiceState::Down && seen.before->since != now.since;
        return is_down_again ? std::optional(Instant::zero()) : std::nullopt;
    }
    if (is_same_run(*seen.run, now) || seen.run->term_sent) return std::nullopt;
    if (now.since == seen.run->since) return Instant::zero();  // ./finish: its start is not told
    const Instant ran = between(seen.run->since, now.since);
    return ran >= Instant::zero() && ran < limit ? std::optional(ran) : std::nullopt;
}

}  // namespace runsuite::sv
