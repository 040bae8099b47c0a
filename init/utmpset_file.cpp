#include "init/utmpset_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>

#include "posix/file.hpp"

namespace runsuite::utmpset {

namespace {

constexpr int longest_wait = 10;  // seconds, as long as glibc waits for this lock

constexpr std::uint64_t most_counted = 1000;  // records, of a wtmp that may be of years

void interrupt_only(int) {}

void set_timer(int seconds)
{
    // It comes again, in case that the first one came before the wait.
    const itimerval timer{{seconds != 0 ? 1 : 0, 0}, {seconds, 0}};
    ::setitimer(ITIMER_REAL, &timer, nullptr);
}

// Waits for the lock, but not for ever.
Outcome lock(int fd, const char* path)
{
    struct sigaction action {};
    action.sa_handler = interrupt_only;
    ::sigaction(SIGALRM, &action, nullptr);
    sigset_t alarm;
    ::sigemptyset(&alarm);
    ::sigaddset(&alarm, SIGALRM);
    ::sigprocmask(SIG_UNBLOCK, &alarm, nullptr);

    struct flock whole_file {};
    whole_file.l_type = F_WRLCK;
    whole_file.l_whence = SEEK_SET;
    set_timer(longest_wait);
    const int code = ::fcntl(fd, F_SETLKW, &whole_file) < 0 ? errno : 0;
    set_timer(0);
    if (code != 0) return Error{"lock", code == EINTR ? ETIMEDOUT : code, path};
    return success();
}

}  // namespace

Result<RecordFile> RecordFile::open(const char* path, int flags)
{
    auto fd = open_file(path, flags, "open", 0600);
    if (!fd) return Error{"open", fd.error().code, path};
    if (auto locked = lock(fd->get(), path); !locked) return locked.error();
    RecordFile file;
    file.fd_ = std::move(*fd);
    return file;
}

Result<RecordFile> RecordFile::open_utmp(const char* path)
{
    auto file = open(path, O_RDWR);
    if (!file) return file;
    struct stat about {};
    if (::fstat(file->fd_.get(), &about) < 0) return Error::last("stat", path);
    const auto seen = file->look(static_cast<std::uint64_t>(about.st_size));
    if (!seen) return seen.error();
    file->layout_ = layout_of(*seen).value_or(native);
    return file;
}

Result<RecordFile> RecordFile::open_wtmp(const char* path, Layout likely)
{
    auto file = open(path, O_RDWR | O_CREAT | O_APPEND);
    if (file) file->layout_ = likely;
    return file;
}

// How many of its last records are of that layout.
Result<int> RecordFile::count(std::uint64_t size, Layout layout) const
{
    char bytes[largest_record];
    const std::uint64_t whole = size / layout.size;
    int found = 0;
    for (std::uint64_t number = whole > most_counted ? whole - most_counted : 0; number < whole; ++number) {
        const auto at = static_cast<off_t>(number * layout.size);
        const ssize_t got = ::pread(fd_.get(), bytes, layout.size, at);
        if (got < 0) return Error::last("read");
        if (static_cast<std::size_t>(got) == layout.size && is_of(layout, {bytes, layout.size})) ++found;
    }
    return found;
}

Result<Evidence> RecordFile::look(std::uint64_t size) const
{
    const auto narrow_records = count(size, narrow);
    if (!narrow_records) return narrow_records.error();
    const auto wide_records = count(size, wide);
    if (!wide_records) return wide_records.error();
    return Evidence{size, *narrow_records, *wide_records};
}

Result<int> RecordFile::log_out(std::string_view line, std::int64_t now)
{
    char bytes[largest_record];
    const std::span<char> record{bytes, layout_.size};
    const auto size = static_cast<ssize_t>(layout_.size);
    int count = 0;
    for (off_t at = 0;; at += size) {
        const ssize_t got = ::pread(fd_.get(), bytes, layout_.size, at);
        if (got < 0) return Error::last("read");
        if (got < size) return count;  // the end; a record that is not whole is none
        if (!is_login_on(line, record)) continue;
        utmpset::log_out(record, layout_, now);
        const ssize_t put = ::pwrite(fd_.get(), bytes, layout_.size, at);
        if (put < 0) return Error::last("write");
        if (put < size) return Error{"write", EIO};
        ++count;
    }
}

// A record that somebody left half written is cut off, as glibc does it, or no reader would find the ones after it.
Outcome RecordFile::append_logout(std::string_view line, std::int64_t now)
{
    struct stat about {};
    if (::fstat(fd_.get(), &about) < 0) return Error::last("stat");
    const bool is_file = S_ISREG(about.st_mode);
    off_t end = about.st_size;
    if (is_file) {
        const auto seen = look(static_cast<std::uint64_t>(about.st_size));
        if (!seen) return seen.error();
        const auto place = place_of_next(*seen, layout_);
        if (!place) return Error{"not clear how long its records are"};
        layout_ = place->layout;
        end = static_cast<off_t>(place->end);
    }
    if (end != about.st_size && ::ftruncate(fd_.get(), end) < 0) return Error::last("truncate");
    char bytes[largest_record];
    fill_logout({bytes, layout_.size}, layout_, line, now);
    auto written = write_all(fd_.get(), {bytes, layout_.size}, "write");
    if (!written && is_file && ::ftruncate(fd_.get(), end) < 0) return Error::last("truncate");
    return written;
}

}  // namespace runsuite::utmpset
