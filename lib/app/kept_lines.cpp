#include "app/kept_lines.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "app/report.hpp"
#include "posix/clock.hpp"
#include "posix/file.hpp"
#include "posix/part.hpp"

namespace runsuite::report {

namespace {

// One object with a value in it: see report.cpp.
struct Kept {
    std::size_t most = 65536;  // bytes, or those of a line that is longer
    char* lines = nullptr;     // which have memory while there are any
    std::size_t written = 0;
    std::size_t end = 0;
    unsigned lost = 0;  // lines
    int own = -1;       // standard error once more, where a write need not wait
    bool has_asked = false;
};

constinit Kept kept;

constexpr std::chrono::milliseconds patience{200};

// False for a pipe whose reader hangs, and for a terminal that Ctrl-S has stopped.
bool has_room(int milliseconds)
{
    pollfd standard_error{STDERR_FILENO, POLLOUT, 0};
    return ::poll(&standard_error, 1, milliseconds) != 0;
}

// With the first line: most programs never have one to say.
bool open_own()
{
    if (!std::exchange(kept.has_asked, true)) kept.own = standard_error_again(O_NONBLOCK).release();
    return kept.own >= 0;
}

std::size_t size_of(std::span<const iovec> parts)
{
    std::size_t size = 0;
    for (const iovec& part : parts) size += part.iov_len;
    return size;
}

// How many bytes are written without waiting. All of them where that fails: nobody is left to tell.
// A terminal has room for a part of a line perhaps, and a pipe none any more when others write there too.
std::size_t write_now(std::span<const iovec> parts)
{
    const bool has_own = open_own();
    if (!has_own && !has_room(0)) return 0;
    const int fd = has_own ? kept.own : STDERR_FILENO;
    const ssize_t written = ::writev(fd, parts.data(), static_cast<int>(parts.size()));
    if (written < 0) return errno == EAGAIN ? 0 : size_of(parts);
    return static_cast<std::size_t>(written);
}

bool make_room(std::size_t size)
{
    if (has_kept_lines()) return size <= kept.most - kept.end;
    kept.most = std::max(kept.most, size);
    void* const room = ::mmap(nullptr, kept.most, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room != MAP_FAILED) kept.lines = static_cast<char*>(room);
    return has_kept_lines();
}

void give_back_room()
{
    if (!has_kept_lines()) return;
    ::munmap(kept.lines, kept.most);
    kept.lines = nullptr;
    kept.written = kept.end = 0;
}

// Without the first `skipped` bytes.
void keep(std::span<const iovec> parts, std::size_t skipped)
{
    const std::size_t size = size_of(parts) - skipped;
    if (size == 0) return;
    if (kept.lost > 0 || !make_room(size)) {
        ++kept.lost;
        return;
    }
    for (const iovec& part : parts) {
        const std::size_t before = std::min(skipped, part.iov_len);
        std::copy_n(static_cast<char*>(part.iov_base) + before, part.iov_len - before, kept.lines + kept.end);
        kept.end += part.iov_len - before;
        skipped -= before;
    }
}

void write_own_line(std::string_view line)
{
    const iovec part = part_of(line);
    write_line({&part, 1});
}

}  // namespace

void keep_lines_when_full()
{
    if (kept.own >= 0) ::close(kept.own);  // of what standard error was before
    kept.own = -1;
    kept.has_asked = false;
    write_by(write_own_line);
}

pollfd kept_lines()
{
    return {has_kept_lines() || kept.lost > 0 ? STDERR_FILENO : -1, POLLOUT, 0};
}

bool has_kept_lines()
{
    return kept.lines != nullptr;
}

void write_line(std::span<const iovec> parts)
{
    keep(parts, has_kept_lines() ? 0 : write_now(parts));
}

// Line by line, each of which a pipe that has room takes whole.
void write_kept_lines()
{
    while (kept.written < kept.end) {
        const std::string_view lines{kept.lines + kept.written, kept.end - kept.written};
        const iovec line = part_of({lines.data(), lines.find('\n') + 1});
        const std::size_t count = write_now({&line, 1});
        if (count == 0) return;
        kept.written += count;
    }
    give_back_room();
    if (kept.lost == 0) return;
    Line text{"unable to write "};
    text.append_number(std::exchange(kept.lost, 0U));
    warn(text.append(" lines: standard error was full").view());
}

int last_words(int code)
{
    const Instant until = monotonic_now() + patience;
    while (kept_lines().fd >= 0) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - monotonic_now());
        if (left.count() <= 0 || !has_room(static_cast<int>(left.count()))) break;
        write_kept_lines();
    }
    return code;
}

}  // namespace runsuite::report
