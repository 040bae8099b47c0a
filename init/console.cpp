#include "init/console.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

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

// The console by its name, for a machine whose /proc is not there yet.
UniqueFd console_again(const struct stat& standard_error)
{
    auto opened = open_file(init::console, O_WRONLY, "open");
    struct stat about {};
    const bool is_it = opened && ::fstat(opened->get(), &about) == 0 && S_ISCHR(about.st_mode) &&
                       about.st_rdev == standard_error.st_rdev;
    return is_it ? std::move(*opened) : UniqueFd{};
}

// Room for a byte is no promise for a line, nor for the two that its end is on a terminal: only a descriptor that does not
// wait keeps nobody waiting. Ours is shared with the stages, for which it has to wait, so it is another one of the same.
void print(const Line& line)
{
    struct stat about {};
    if (::fstat(STDERR_FILENO, &about) < 0) return;
    const auto text = line.view();
    if (S_ISSOCK(about.st_mode)) {
        [[maybe_unused]] const auto sent =
            ::send(STDERR_FILENO, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        return;
    }
    UniqueFd own = standard_error_again(O_NONBLOCK);
    if (!own.is_open() && S_ISCHR(about.st_mode)) own = console_again(about);
    pollfd standard_error{STDERR_FILENO, POLLOUT, 0};
    if (!own.is_open() && ::poll(&standard_error, 1, 0) == 0) return;
    [[maybe_unused]] const auto written =
        ::write(own.is_open() ? own.get() : STDERR_FILENO, text.data(), text.size());
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
