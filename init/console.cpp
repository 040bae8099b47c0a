#include "init/console.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "app/report.hpp"
#include "init/paths.hpp"
#include "posix/clock.hpp"
#include "posix/file.hpp"

namespace runsuite::init {

namespace {

bool is_open(int fd)
{
    return ::fcntl(fd, F_GETFD) >= 0;
}

void append_time(Line& line)
{
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(boottime_now()).count();
    const auto fraction = milliseconds % 1000;
    line.append(" [")
        .append_number(milliseconds / 1000)
        .append(fraction < 10    ? ".00"
                : fraction < 100 ? ".0"
                                 : ".");
    line.append_number(fraction).append(" s]\n");
}

// Room for a byte is no promise for a line, nor for the two that its end is on a terminal: only a descriptor that does not
// wait keeps nobody waiting. It is shared with the stages, so it is one for the moment of this write alone.
void print(const Line& line)
{
    const int flags = ::fcntl(STDERR_FILENO, F_GETFL);
    if (flags < 0 || ::fcntl(STDERR_FILENO, F_SETFL, flags | O_NONBLOCK) < 0) return;
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.c_str(), line.view().size());
    ::fcntl(STDERR_FILENO, F_SETFL, flags);
}

}  // namespace

void Console::open()
{
    if (!is_missing_) return;
    is_missing_ = !is_open(STDIN_FILENO) || !is_open(STDOUT_FILENO) || !is_open(STDERR_FILENO);
    if (!is_missing_) return;
    // A line without a carrier would be waited for. For the stages it is one that waits, like any other.
    auto opened = open_file(init::console, O_RDWR, "open");
    if (!opened) return;
    const int fd = opened->release();
    ::fcntl(fd, F_SETFL, 0);
    ::fcntl(fd, F_SETFD, 0);
    for (int standard = STDIN_FILENO; standard <= STDERR_FILENO; ++standard) {
        if (!is_open(standard)) ::dup2(fd, standard);
    }
    if (fd > STDERR_FILENO) ::close(fd);
    is_missing_ = false;
}

void Console::say(std::string_view text)
{
    Line line{"- runit: "};
    append_time(line.append(text));
    print(line);
}

void Console::say_failure(std::string_view what, std::string_view name, int code)
{
    Line line{what};
    say(line.append(name).append(": ").append(report::reason(code)).view());
}

}  // namespace runsuite::init
