#include "posix/watch_set.hpp"

#include <algorithm>
#include <array>

#if __has_include(<sys/epoll.h>)
#include <sys/epoll.h>
#define RUNSUITE_EPOLL 1
#else
#define RUNSUITE_EPOLL 0
#endif

namespace runsuite {

#if RUNSUITE_EPOLL

Outcome WatchSet::add(int fd, void* subject)
{
    if (!set_.is_open()) set_ = UniqueFd{::epoll_create1(EPOLL_CLOEXEC)};
    if (!set_.is_open()) return Error::last("watch descriptors");
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = subject;
    if (::epoll_ctl(set_.get(), EPOLL_CTL_ADD, fd, &event) < 0) return Error::last("watch descriptors");
    return success();
}

std::span<void* const> WatchSet::ready(std::span<void*> room) const
{
    std::array<epoll_event, 64> events;
    const auto most = static_cast<int>(std::min(events.size(), room.size()));
    const int count = set_.is_open() ? ::epoll_wait(set_.get(), events.data(), most, 0) : 0;
    std::size_t found = 0;
    for (int at = 0; at < count; ++at) room[found++] = events[static_cast<std::size_t>(at)].data.ptr;
    return room.first(found);
}

#else

Outcome WatchSet::add(int, void*)
{
    return Error{"watch descriptors", ENOSYS};
}

std::span<void* const> WatchSet::ready(std::span<void*> room) const
{
    return room.first(0);
}

#endif

}  // namespace runsuite
