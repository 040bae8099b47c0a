#include "app/kept_lines.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <utility>

#include "app/report.hpp"
#include "posix/clock.hpp"
#include "posix/file.hpp"

namespace runsuite::report {

namespace {

// One object with a value in it: see report.cpp.
struct Kept {
    std::size_t most = 65536;  // bytes
    char* lines = nullptr;     // which have memory while there are any
    std::size_t written = 0;
    std::size_t end = 0;
    unsigned lost = 0;  // lines
};

constinit Kept kept;

constexpr std::chrono::milliseconds patience{200};

// False for a pipe whose reader hangs, and for a terminal that Ctrl-S has stopped.
bool has_room(int milliseconds)
{
    pollfd standard_error{STDERR_FILENO, POLLOUT, 0};
    return ::poll(&standard_error, 1, milliseconds) != 0;
}

// How much of `text` is written without waiting. All of it where that fails: nobody is left to tell.
// A terminal has room for a part of it perhaps, and a pipe none any more when others write there too.
std::size_t write_now(std::string_view text)
{
    if (!has_room(0)) return 0;
    const UniqueFd own = standard_error_again(O_NONBLOCK);
    const ssize_t written = ::write(own.is_open() ? own.get() : STDERR_FILENO, text.data(), text.size());
    if (written < 0) return errno == EAGAIN ? 0 : text.size();
    return static_cast<std::size_t>(written);
}

bool has_kept()
{
    return kept.lines != nullptr;
}

bool make_room()
{
    if (has_kept()) return true;
    void* const room = ::mmap(nullptr, kept.most, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room != MAP_FAILED) kept.lines = static_cast<char*>(room);
    return has_kept();
}

void give_back_room()
{
    if (!has_kept()) return;
    ::munmap(kept.lines, kept.most);
    kept.lines = nullptr;
    kept.written = kept.end = 0;
}

void keep(std::string_view text)
{
    if (text.empty()) return;
    if (kept.lost > 0 || !make_room() || text.size() > kept.most - kept.end) {
        ++kept.lost;
        return;
    }
    std::memcpy(kept.lines + kept.end, text.data(), text.size());
    kept.end += text.size();
}

void write_or_keep(std::string_view line)
{
    if (!has_kept()) line.remove_prefix(write_now(line));
    keep(line);
}

}  // namespace

void keep_lines_when_full()
{
    write_by(write_or_keep);
}

pollfd kept_lines()
{
    return {has_kept() || kept.lost > 0 ? STDERR_FILENO : -1, POLLOUT, 0};
}

// Line by line, each of which a pipe that has room takes whole.
void write_kept_lines()
{
    while (kept.written < kept.end) {
        const std::string_view lines{kept.lines + kept.written, kept.end - kept.written};
        const std::size_t count = write_now({lines.data(), lines.find('\n') + 1});
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
