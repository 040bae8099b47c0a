#include "runsv/orphan.hpp"

#include "posix/process.hpp"
#include "runsv/service.hpp"

namespace runsuite::runsv {

namespace {

constexpr Instant longest_wait = std::chrono::milliseconds(200);

}  // namespace

// Once it has ended only the hang-up is of interest, which comes when it has been waited for.
pollfd Orphan::to_poll() const
{
    return {process_.get(), static_cast<short>(patience_ == never ? POLLIN : 0), 0};
}

std::optional<int> Orphan::end(short told, Instant now)
{
    if (!process_.is_open() || (told == 0 && now < patience_)) return std::nullopt;
    const auto status = wait_status_of(process_.get());
    const bool can_be_told_yet = (told & POLLHUP) == 0 && now < patience_;
    if (!status && can_be_told_yet) {
        if (patience_ == never) patience_ = now + longest_wait;
        return std::nullopt;
    }
    patience_ = never;
    process_.close();
    return status.value_or(unknown_wait_status);
}

}  // namespace runsuite::runsv
