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

// So many numbers are tried at a time, which takes about ten milliseconds, of as many as there can be; see pid_max in proc(5).
constexpr pid_t numbers_at_a_time = 1 << 16;
constexpr pid_t end_of_numbers = 1 << 22;

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

// For every number in `text` that ends in a blank; what is left behind the last blank.
std::string_view Strays::reach_listed(std::string_view text, Reach reach)
{
    for (;;) {
        const auto blank = text.find(' ');
        if (blank == std::string_view::npos) return text;
        const std::string_view word{text.data(), blank};
        if (const auto pid = parse_number<pid_t>(word); pid && *pid > 1) (this->*reach)(*pid);
        text.remove_prefix(blank + 1);
    }
}

void Strays::reach_numbers(pid_t first, Reach reach)
{
    const pid_t end = std::min(first + numbers_at_a_time, end_of_numbers);
    for (pid_t pid = std::max(first, 2); pid < end; ++pid) {
        if (is_child(pid)) (this->*reach)(pid);
    }
}

// Numbers are given in turn, so most children have one soon after ours: those are tried each time, the others bit by bit.
void Strays::reach_more_numbers(Reach reach)
{
    reach_numbers(::getpid(), reach);
    reach_numbers(next_number_, reach);
    next_number_ += numbers_at_a_time;
    if (next_number_ >= end_of_numbers) next_number_ = 0;
}

bool Strays::reach_children(Reach reach)
{
    auto list = open_file("/proc/thread-self/children", O_RDONLY, "open");
    if (!list) {
        reach_more_numbers(reach);
        return next_number_ == 0;
    }
    char text[4096];
    std::size_t kept = 0;
    for (;;) {
        const ssize_t count = ::read(list->get(), text + kept, sizeof text - kept);
        if (count <= 0) return true;
        const auto rest = reach_listed({text, kept + static_cast<std::size_t>(count)}, reach);
        kept = rest.size();
        for (std::size_t at = 0; at < kept; ++at) text[at] = rest[at];
    }
}

// A second TERM means "hurry" to many a program.
bool Strays::is_new(pid_t pid)
{
    if (std::find(told_.begin(), told_.end(), pid) != told_.end()) return false;
    told_[next_] = pid;
    next_ = (next_ + 1) % told_.size();
    return true;
}

void Strays::tell_one(pid_t pid)
{
    if (!is_new(pid)) return;
    ::kill(pid, SIGTERM);
    ::kill(pid, SIGCONT);
}

void Strays::kill_one(pid_t pid)
{
    ::kill(pid, SIGKILL);
}

void Strays::end_remains_of(pid_t pid)
{
    Known* const of = services_->with_pid(::getsid(pid));
    if (of == nullptr || of->pid == pid || !of->has_ended) return;
    of->has_remains = true;
    if (signal_ == SIGTERM && !is_new(pid)) return;
    ::kill(pid, signal_);
    ::kill(pid, SIGCONT);
}

void Strays::tell()
{
    if (::getpid() == 1) {
        ::kill(-1, SIGTERM);
        ::kill(-1, SIGCONT);
    } else {
        is_searching_ = !reach_children(&Strays::tell_one);
    }
}

void Strays::kill()
{
    if (::getpid() == 1) {
        ::kill(-1, SIGKILL);
        return;
    }
    for (const pid_t pid : told_) {
        if (pid != 0 && is_child(pid)) kill_one(pid);
    }
    is_searching_ = !reach_children(&Strays::kill_one);
}

void Strays::end_remains(Services& services, int signal)
{
    services_ = &services;
    signal_ = signal;
    reach_children(&Strays::end_remains_of);
}

}  // namespace runsuite::runsvdir
