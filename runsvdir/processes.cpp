#include "runsvdir/processes.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <optional>
#include <string_view>

#include "base/fixed_string.hpp"
#include "base/parse.hpp"
#include "posix/file.hpp"
#include "posix/process.hpp"

namespace runsuite::runsvdir {

namespace {

// Calls `reach` for every number in `text` that ends in a blank; what is left behind the last blank.
template <typename Reach>
std::string_view reach_listed(std::string_view text, Reach& reach)
{
    for (;;) {
        const auto blank = text.find(' ');
        if (blank == std::string_view::npos) return text;
        const std::string_view word{text.data(), blank};
        if (const auto pid = parse_number<pid_t>(word); pid && *pid > 1) reach(*pid);
        text.remove_prefix(blank + 1);
    }
}

// Numbers are given in turn, so a child has one between ours and the newest one, which may have begun anew from below. So
// many are looked at, which takes a hundredth of a second or two.
constexpr pid_t most_numbers = 1 << 17;

template <typename Reach>
void reach_between(pid_t low, pid_t high, Reach& reach)
{
    for (pid_t pid = high; pid > low; --pid) {
        if (is_child(pid)) reach(pid);
    }
}

template <typename Reach>
bool reach_numbers(Reach& reach)
{
    const auto newest = newest_pid();
    if (!newest) return false;
    const pid_t own = ::getpid();
    if (*newest > own) {
        reach_between(std::max(own, *newest - most_numbers), *newest, reach);
    } else {
        reach_between(std::max(1, *newest - most_numbers / 2), *newest, reach);
        reach_between(own, own + most_numbers / 2, reach);
    }
    return true;
}

template <typename Reach>
bool reach_children(Reach reach)
{
    auto list = open_file("/proc/thread-self/children", O_RDONLY, "open");
    if (!list) return reach_numbers(reach);
    char text[4096];
    std::size_t kept = 0;
    for (;;) {
        const ssize_t count = ::read(list->get(), text + kept, sizeof text - kept);
        if (count <= 0) return count == 0;
        const auto rest = reach_listed({text, kept + static_cast<std::size_t>(count)}, reach);
        kept = rest.size();
        for (std::size_t at = 0; at < kept; ++at) text[at] = rest[at];
    }
}

constexpr int most_generations = 256;

// Nothing when it is gone, or where there is no /proc.
std::optional<pid_t> parent_of(pid_t pid)
{
    FixedString<32> path{"/proc/"};
    path.append_number(pid).append("/stat");
    auto file = open_file(path.c_str(), O_RDONLY, "open");
    if (!file) return std::nullopt;
    char room[128];
    const auto size = read_all(file->get(), room, "read");
    return size ? parent_in_stat({room, *size}) : std::nullopt;
}

}  // namespace

bool is_below(pid_t pid)
{
    const pid_t own = ::getpid();
    for (int generation = 0; generation < most_generations && pid > 0; ++generation) {
        if (pid == own) return generation > 0;
        const auto parent = parent_of(pid);
        if (!parent) return own == 1 || (::kill(pid, 0) < 0 && errno == ESRCH);
        pid = *parent;
    }
    return false;
}

// A second TERM means "hurry" to many a program.
bool Strays::is_new(pid_t pid)
{
    if (std::find(told_.begin(), told_.end(), pid) != told_.end()) return false;
    told_[next_] = pid;
    next_ = (next_ + 1) % told_.size();
    return true;
}

bool Strays::tell()
{
    if (::getpid() == 1) {
        ::kill(-1, SIGTERM);
        ::kill(-1, SIGCONT);
        return true;
    }
    return reach_children([this](pid_t pid) {
        if (!is_new(pid)) return;
        ::kill(pid, SIGTERM);
        ::kill(pid, SIGCONT);
    });
}

void Strays::kill()
{
    if (::getpid() == 1) ::kill(-1, SIGKILL);
    else reach_children([](pid_t pid) { ::kill(pid, SIGKILL); });
}

void Strays::end_remains(Services& services, int signal)
{
    reach_children([&](pid_t pid) {
        Known* const of = services.with_pid(::getsid(pid));
        if (of == nullptr || of->pid == pid || !of->has_ended) return;
        of->has_remains = true;
        if (signal == SIGTERM && !is_new(pid)) return;
        ::kill(pid, signal);
        ::kill(pid, SIGCONT);
    });
}

}  // namespace runsuite::runsvdir
