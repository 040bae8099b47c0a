#include "runsv/background.hpp"

#include <utility>

#include "posix/process.hpp"

namespace runsuite::runsv {

namespace {

constexpr Instant soon = std::chrono::seconds(5);

}  // namespace

void Background::begin(std::span<const pid_t> ours, Instant now)
{
    if (!std::exchange(is_suspected_, false) || !adopt_orphans()) return;
    until_ = now + soon;
    is_certain_ = true;
    before_ = count_children(ours);
}

std::size_t Background::end(std::span<const pid_t> ours, bool well, Instant ran)
{
    const bool is_quick = well && ran < soon;
    const bool is_watched = until_ != never;
    lasted();
    is_suspected_ = is_quick && !is_told_;
    if (!is_quick || !is_watched || !is_certain_) return 0;
    const std::size_t after = count_children(ours);
    if (after <= before_) return 0;
    is_told_ = true;
    is_suspected_ = false;
    return after - before_;
}

void Background::lasted()
{
    if (until_ == never) return;
    until_ = never;
    leave_orphans();
}

}  // namespace runsuite::runsv
