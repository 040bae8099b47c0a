#include "posix/fifo.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "posix/file.hpp"

namespace runsuite {

namespace {

bool is_ours_alone(const struct stat& about)
{
    return about.st_uid == ::geteuid() && (about.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

}  // namespace

Outcome make_fifo(const char* path, Whose whose, const char* doing)
{
    if (::mkfifo(path, 0600) == 0) return success();
    const Error why = Error::last(doing);
    struct stat about {};
    if (why.code != EEXIST || ::lstat(path, &about) < 0) return why;
    const bool is_fifo = S_ISFIFO(about.st_mode);
    if (!is_fifo && whose == Whose::Any) return why;
    if (is_fifo && about.st_nlink == 1 && (whose == Whose::Any || is_ours_alone(about))) return success();
    if (::unlink(path) < 0 || ::mkfifo(path, 0600) < 0) return Error::last(doing);
    return success();
}

Result<UniqueFd> open_fifo(const char* path, int flags, const char* doing)
{
    return open_file(path, flags | O_NOFOLLOW, doing);
}

Result<UniqueFd> open_writing_end(const char* path, const char* doing)
{
    return open_file(path, O_WRONLY, doing);
}

bool is_fifo(int fd)
{
    // Says less than fstat(2), at a quarter of its price: what has been opened by name and cannot seek is a fifo or a
    // device.
    return ::lseek(fd, 0, SEEK_CUR) < 0 && errno == ESPIPE;
}

Result<int> unread_bytes(int fd, const char* doing)
{
    int count = 0;
    if (::ioctl(fd, FIONREAD, &count) < 0) return Error::last(doing);
    return count;
}

Result<Pipe> make_pipe(const char* doing)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) < 0) return Error::last(doing);
    return Pipe{UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

#ifdef SPLICE_F_NONBLOCK
Result<std::size_t> peek_fifo(int fd, std::span<char> room, const char* doing)
{
    auto copy = make_pipe(doing);
    if (!copy) return copy.error();
    const ssize_t size = ::tee(fd, copy->writing.get(), room.size(), SPLICE_F_NONBLOCK);
    if (size < 0 && errno == EAGAIN) return std::size_t{0};
    if (size < 0) return Error::last(doing);
    return read_all(copy->reading.get(), room.first(static_cast<std::size_t>(size)), doing);
}
#else
Result<std::size_t> peek_fifo(int, std::span<char>, const char* doing)
{
    return Error{doing, ENOSYS};
}
#endif

}  // namespace runsuite
