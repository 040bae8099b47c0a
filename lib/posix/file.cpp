#include "posix/file.hpp"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if __has_include(<linux/fs.h>)
#include <linux/fs.h>  // RENAME_EXCHANGE, where the C library has none
#endif

#include <climits>
#include <cstdio>
#include <cstring>

namespace runsuite {

Result<UniqueFd> open_file(const char* path, int flags, const char* doing, mode_t mode)
{
    return open_file_at(AT_FDCWD, path, flags, doing, mode);
}

Result<UniqueFd> open_file_at(int directory, const char* path, int flags, const char* doing, mode_t mode)
{
    UniqueFd fd{::openat(directory, path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode)};
    if (!fd.is_open()) return Error::last(doing);
    return fd;
}

Result<UniqueFd> open_plain_file_at(int directory, const char* path, int flags, const char* doing, mode_t mode)
{
    auto file = open_file_at(directory, path, flags | O_NOFOLLOW, doing, mode);
    if (!file) return file;
    struct stat about {};
    if (::fstat(file->get(), &about) < 0) return Error::last(doing);
    if (S_ISDIR(about.st_mode)) return Error{doing, EISDIR};
    if (!S_ISREG(about.st_mode)) return Error{doing, ENXIO};
    if (about.st_nlink > 1) return Error{doing, EMLINK};
    return file;
}

Result<UniqueFd> create_file_at(int directory, const char* path, const char* doing, mode_t mode)
{
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL;
    auto file = open_file_at(directory, path, flags, doing, mode);
    if (file || file.error().code != EEXIST) return file;
    if (::unlinkat(directory, path, 0) < 0) return Error::last(doing);
    return open_file_at(directory, path, flags, doing, mode);
}

Result<std::size_t> read_all(int fd, std::span<char> bytes, const char* doing)
{
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t count = ::read(fd, bytes.data() + filled, bytes.size() - filled);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return Error::last(doing);
        if (count == 0) break;
        filled += static_cast<std::size_t>(count);
    }
    return filled;
}

Outcome write_all(int fd, std::string_view bytes, const char* doing)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return Error::last(doing);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return success();
}

namespace {

Outcome write_file(const char* path, std::string_view bytes, const char* doing)
{
    auto file = create_file_at(AT_FDCWD, path, doing, 0644);
    if (!file) return file.error();
    return write_all(file->get(), bytes, doing);
}

}  // namespace

#if defined(SYS_renameat2) && defined(RENAME_EXCHANGE)
bool exchange_names(const char* one, const char* other)
{
    return ::syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE) == 0;
}
#else
bool exchange_names(const char*, const char*)
{
    errno = ENOSYS;
    return false;
}
#endif

// rename(2) onto an existing file makes ext4 and btrfs write the new contents to disk first, which takes longer than all
// the rest together, for contents that nobody needs after a crash. An exchange of the two names does not.
Outcome replace_file(const char* path, const char* scratch, std::string_view bytes, const char* doing)
{
    Outcome outcome = write_file(scratch, bytes, doing);
    if (outcome && exchange_names(scratch, path)) {
        if (::unlink(scratch) == 0) return success();
        outcome = Error::last(doing);  // what was there is a directory: it goes back
        exchange_names(scratch, path);
    } else if (outcome) {
        if (::rename(scratch, path) == 0) return success();
        outcome = Error::last(doing);
    }
    ::unlink(scratch);  // on a full disk it would keep room from others
    return Error{doing, outcome.error().code, path};
}

Outcome new_file(const char* path, std::string_view bytes, const char* doing)
{
    const Outcome outcome = write_file(path, bytes, doing);
    if (outcome) return success();
    ::unlink(path);
    return Error{doing, outcome.error().code, path};
}

bool is_readable(const char* path)
{
    return ::faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0;
}

bool is_directory(const char* path)
{
    struct stat about {};
    return ::stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool exists(const char* path)
{
    struct stat about {};
    return ::stat(path, &about) == 0;
}

Outcome find_at(int directory, const char* path, const char* doing)
{
    if (::faccessat(directory, path, F_OK, 0) < 0) return Error::last(doing);
    return success();
}

Result<std::chrono::nanoseconds> change_of_name(int directory, const char* path, const char* doing)
{
    struct stat about {};
    if (::fstatat(directory, path, &about, AT_SYMLINK_NOFOLLOW) < 0) return Error::last(doing);
    return std::chrono::seconds(about.st_ctim.tv_sec) + std::chrono::nanoseconds(about.st_ctim.tv_nsec);
}

#if defined(SYS_memfd_create)
Result<UniqueFd> open_nameless_file(const char* doing)
{
    constexpr unsigned close_on_exec_flag = 1;  // MFD_CLOEXEC
    UniqueFd file{static_cast<int>(::syscall(SYS_memfd_create, "", close_on_exec_flag))};
    if (!file.is_open()) return Error::last(doing);
    return file;
}
#else
Result<UniqueFd> open_nameless_file(const char* doing)
{
    return Error{doing, ENOSYS};
}
#endif

void close_on_exec(int fd)
{
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

// On a stack page of its own: few need it.
[[gnu::noinline]] Outcome make_directories_at(int base, const char* path, const char* doing)
{
    if (::mkdirat(base, path, 0700) == 0 || errno == EEXIST) return success();
    if (errno != ENOENT) return Error::last(doing);
    char above[PATH_MAX];
    const std::size_t size = std::strlen(path);
    if (size >= sizeof above) return Error{doing, ENAMETOOLONG};
    std::memcpy(above, path, size + 1);
    for (std::size_t at = 1; at < size; ++at) {
        if (above[at] != '/') continue;
        above[at] = '\0';
        const auto made = ::mkdirat(base, above, 0700) == 0 ? Error{} : Error::last(doing);
        // One that is there may be where nothing can be made.
        if (made && made.code != EEXIST && ::faccessat(base, above, F_OK, 0) < 0) return made;
        above[at] = '/';
    }
    if (::mkdirat(base, path, 0700) < 0 && errno != EEXIST) return Error::last(doing);
    return success();
}

Result<UniqueFd> lock_file(const char* path, Lock how, const char* doing_open, const char* doing_lock)
{
    auto file = open_file(path, O_WRONLY | O_CREAT | O_APPEND, doing_open, 0600);
    if (!file) return file.error();
    if (::flock(file->get(), LOCK_EX | (how == Lock::Try ? LOCK_NB : 0)) < 0) return Error::last(doing_lock);
    return file;
}

// Not for a file, which would be written from its beginning.
UniqueFd standard_error_again(int flags)
{
    struct stat about {};
    const bool is_pipe = ::fstat(STDERR_FILENO, &about) == 0 && S_ISFIFO(about.st_mode);
    if (!is_pipe && ::isatty(STDERR_FILENO) == 0) return {};
    return UniqueFd{::open("/proc/self/fd/2", O_WRONLY | O_NOCTTY | O_CLOEXEC | flags)};
}

void open_standard_descriptors()
{
    for (int fd = 0; fd <= 2; ++fd) {
        if (::fcntl(fd, F_GETFD) < 0) ::open("/dev/null", O_RDWR);  // takes the lowest free number, for good
    }
}

}  // namespace runsuite
