#include "posix/edge.hpp"

#if __has_include(<sys/epoll.h>)
#include <sys/epoll.h>
#define RUNSUITE_EPOLL 1
#else
#define RUNSUITE_EPOLL 0
#endif

namespace runsuite {

#if RUNSUITE_EPOLL

Result<Edge> Edge::open(int fd)
{
    Edge edge;
    edge.fd_ = UniqueFd{::epoll_create1(EPOLL_CLOEXEC)};
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    if (!edge.fd_.is_open() || ::epoll_ctl(edge.fd_.get(), EPOLL_CTL_ADD, fd, &event) < 0) {
        return Error::last("watch a pipe");
    }
    return edge;
}

void Edge::take() const
{
    epoll_event event{};
    ::epoll_wait(fd_.get(), &event, 1, 0);
}

#else

Result<Edge> Edge::open(int)
{
    return Error{"watch a pipe", ENOSYS};
}

void Edge::take() const {}

#endif

}  // namespace runsuite
