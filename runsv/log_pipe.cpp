#include "runsv/log_pipe.hpp"

#include <fcntl.h>
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

// Whoever has it waits for its peer, as on any pipe.
Result<UniqueFd> open_end(const char* path, int flags)
{
    auto end = open_fifo(path, flags, "open");
    if (!end) return Error{"open", end.error().code, path};
    if (::fcntl(end->get(), F_SETFL, 0) < 0) return Error::last("open", path);
    return end;
}

}  // namespace

Outcome LogPipe::open(const char* path)
{
    if (auto made = make_fifo(path, Whose::OursAlone, "create fifo"); !made) {
        return Error{"create fifo", made.error().code, path};
    }
    auto writing = open_end(path, O_RDWR);
    if (!writing) return writing.error();
    auto reading = open_end(path, O_RDONLY);
    if (!reading) return reading.error();
    path_ = path;
    writing_ = std::move(*writing);
    reading_ = std::move(*reading);
    return success();
}

std::size_t LogPipe::size() const
{
    int size = 0;
    return ::ioctl(reading_.get(), FIONREAD, &size) == 0 && size > 0 ? static_cast<std::size_t>(size) : 0;
}

Outcome LogPipe::set_unread(bool is_unread)
{
    if (is_unread == edge_.has_value()) return success();
    edge_.reset();
    relief_.close();
    if (!is_unread) return success();
    auto relief = open_fifo(path_, O_RDONLY, "open");
    if (!relief) return Error{"open", relief.error().code, path_};
    auto edge = Edge::open(relief->get());
    if (!edge) return edge.error();
    relief_ = std::move(*relief);
    edge_.emplace(std::move(*edge));
    return success();
}

std::size_t LogPipe::relieve() const
{
    edge_->take();
    std::size_t rest = size();
    const std::size_t capacity = capacity_of(relief_.get());
    if (rest <= capacity / 4) return 0;
    const std::size_t kept = capacity / 8;
    std::size_t thrown_away = 0;
    char bytes[512];
    while (rest > kept) {
        const ssize_t count = ::read(relief_.get(), bytes, std::min(sizeof bytes, rest - kept));
        if (count <= 0) break;
        thrown_away += static_cast<std::size_t>(count);
        rest -= static_cast<std::size_t>(count);
    }
    return thrown_away;
}

}  // namespace runsuite::runsv
