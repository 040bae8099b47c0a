#include "init/console.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "app/report.hpp"
#include "init/paths.hpp"
#include "posix/clock.hpp"

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

bool takes_more()
{
    pollfd taker{STDERR_FILENO, POLLOUT, 0};
    return ::poll(&taker, 1, 0) == 1 && (taker.revents & POLLOUT) != 0;
}

// A terminal that is ready takes one byte at least, a pipe a whole line. It is shared, so it cannot be made one that never
// waits.
void print(const Line& line)
{
    const std::size_t piece = ::isatty(STDERR_FILENO) != 0 ? 1 : line.view().size();
    for (std::size_t at = 0; at < line.view().size() && takes_more(); at += piece) {
        if (::write(STDERR_FILENO, line.c_str() + at, piece) < 0) return;
    }
}

}  // namespace

void Console::open()
{
    if (!is_missing_) return;
    is_missing_ = !is_open(STDIN_FILENO) || !is_open(STDOUT_FILENO) || !is_open(STDERR_FILENO);
    if (!is_missing_) return;
    const int fd = ::open(init::console, O_RDWR | O_NOCTTY);
    if (fd < 0) return;
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
