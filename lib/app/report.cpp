#include "app/report.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <utility>

#include "posix/clock.hpp"
#include "posix/file.hpp"

namespace runsuite::report {

namespace {

// One object with a value in it, so one page: a variable that is zero would be in another one.
struct Speaker {
    const char* program = "";
    const char* subject = nullptr;
    bool keeps_lines = false;
    char* kept = nullptr;  // lines, which have memory while there are any
    std::size_t written = 0;
    std::size_t end = 0;
    unsigned lost = 0;  // lines
};

constinit Speaker speaker;

constexpr std::size_t most_kept = 65536;

constexpr std::chrono::milliseconds patience{200};

constexpr std::size_t longest_name = 512;

Line start_line(const char* kind)
{
    Line line{speaker.program};
    if (speaker.subject != nullptr) {
        line.append(" ");
        append_name(line, speaker.subject);
    }
    line.append(": ").append(kind);
    return line;
}

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
    return speaker.kept != nullptr;
}

bool make_room()
{
    if (has_kept()) return true;
    void* const room = ::mmap(nullptr, most_kept, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room != MAP_FAILED) speaker.kept = static_cast<char*>(room);
    return has_kept();
}

void give_back_room()
{
    if (!has_kept()) return;
    ::munmap(speaker.kept, most_kept);
    speaker.kept = nullptr;
    speaker.written = speaker.end = 0;
}

void keep(std::string_view text)
{
    if (text.empty()) return;
    if (speaker.lost > 0 || !make_room() || text.size() > most_kept - speaker.end) {
        ++speaker.lost;
        return;
    }
    std::memcpy(speaker.kept + speaker.end, text.data(), text.size());
    speaker.end += text.size();
}

void write_or_keep(std::string_view text)
{
    if (!has_kept()) text.remove_prefix(write_now(text));
    keep(text);
}

// The last byte of a line that was cut is given up for its newline.
void print(const Line& line)
{
    char bytes[sizeof(Line)];
    const auto text = line.view();
    const std::size_t size = line.was_cut() ? text.size() - 1 : text.size();
    std::memcpy(bytes, text.data(), size);
    bytes[size] = '\n';
    if (speaker.keeps_lines) return write_or_keep({bytes, size + 1});
    // Nobody is left to tell when standard error fails.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, bytes, size + 1);
}

void append_reason(Line& line, const Error& why)
{
    if (why.code != 0) line.append(": ").append(reason(why.code));
}

void print_failure(const char* kind, const Error& why, const std::string_view* name)
{
    Line line = start_line(kind);
    line.append("unable to ").append(why.doing);
    if (why.name != nullptr) append_name(line.append(" "), why.name);
    if (name != nullptr) append_name(line.append(" "), *name);
    append_reason(line, why);
    print(line);
}

}  // namespace

void program(const char* name, const char* subject)
{
    speaker.program = name;
    speaker.subject = subject;
}

void keep_lines_when_full()
{
    speaker.keeps_lines = true;
}

pollfd kept_lines()
{
    return {has_kept() || speaker.lost > 0 ? STDERR_FILENO : -1, POLLOUT, 0};
}

// Line by line, each of which a pipe that has room takes whole.
void write_kept_lines()
{
    while (speaker.written < speaker.end) {
        const std::string_view lines{speaker.kept + speaker.written, speaker.end - speaker.written};
        const std::size_t count = write_now({lines.data(), lines.find('\n') + 1});
        if (count == 0) return;
        speaker.written += count;
    }
    give_back_room();
    if (speaker.lost == 0) return;
    Line line = start_line("warning: ");
    line.append("unable to write ").append_number(std::exchange(speaker.lost, 0U));
    print(line.append(" lines: standard error was full"));
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

int usage(const char* synopsis, int code)
{
    Line line{"usage: "};
    line.append(speaker.program).append(" ").append(synopsis).append("\n");
    print(line);
    return code;
}

int fatal(const Error& why, int code)
{
    print_failure("fatal: ", why, nullptr);
    return code;
}

int fatal(const Error& why, std::string_view name, int code)
{
    print_failure("fatal: ", why, &name);
    return code;
}

void warn(const Error& why)
{
    print_failure("warning: ", why, nullptr);
}

void warn(const Error& why, std::string_view name)
{
    print_failure("warning: ", why, &name);
}

void warn(std::string_view text)
{
    Line line = start_line("warning: ");
    line.append(text);
    print(line);
}

void inform(std::string_view text)
{
    Line line = start_line("");
    line.append(text);
    print(line);
}

void append_name(Line& line, std::string_view name)
{
    for (const char letter : name.substr(0, longest_name)) {
        const bool is_control = static_cast<unsigned char>(letter) < ' ' || letter == '\x7f';
        line.append(std::string_view(is_control ? "?" : &letter, 1));
    }
    if (name.size() > longest_name) line.append("...");
}

}  // namespace runsuite::report
