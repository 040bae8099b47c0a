#include "runsv/log_pipe.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "posix/fifo.hpp"

namespace runsuite::runsv {

namespace {

// pipe(7): a pipe holds 64 KiB in sixteen pages, or as little as one page for a user with very many of them. A write that
// does not fit into what is left of a page takes a new one, so a pipe may be full with a little more than half of that
// in it: a quarter is safe.
std::size_t capacity_of(int fd)
{
#ifdef F_GETPIPE_SZ
    if (const int size = ::fcntl(fd, F_GETPIPE_SZ); size > 0) return static_cast<std::size_t>(size);
#endif
    (void)fd;
    return 4096;
}

bool has_contents(int fd)
{
    pollfd look{fd, POLLIN, 0};
    return ::poll(&look, 1, 0) > 0 && (look.revents & POLLIN) != 0;
}

std::size_t size_of_contents(int fd)
{
    int size = 0;
    return ::ioctl(fd, FIONREAD, &size) == 0 && size > 0 ? static_cast<std::size_t>(size) : 0;
}

}  // namespace

Outcome LogPipe::open()
{
    auto ends = make_pipe("create the log pipe");
    if (!ends) return ends.error();
    reading_ = std::move(ends->reading);
    writing_ = std::move(ends->writing);
    return success();
}

Outcome LogPipe::set_unread(bool is_unread)
{
    if (is_unread == edge_.has_value()) return success();
    edge_.reset();
    if (!is_unread) return success();
    auto edge = Edge::open(reading_.get());
    if (!edge) return edge.error();
    edge_.emplace(std::move(*edge));
    return success();
}

std::size_t LogPipe::relieve() const
{
    edge_->take();
    std::size_t rest = size_of_contents(reading_.get());
    const std::size_t capacity = capacity_of(reading_.get());
    if (rest <= capacity / 4) return 0;
    const std::size_t kept = capacity / 8;
    std::size_t thrown_away = 0;
    char bytes[512];
    // Whoever else reads may have been quicker.
    while (rest > kept && has_contents(reading_.get())) {
        const ssize_t count = ::read(reading_.get(), bytes, std::min(sizeof bytes, rest - kept));
        if (count <= 0) break;
        thrown_away += static_cast<std::size_t>(count);
        rest -= static_cast<std::size_t>(count);
    }
    return thrown_away;
}

}  // namespace runsuite::runsv
