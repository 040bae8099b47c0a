#include "posix/process.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "base/fixed_string.hpp"
#include "base/parse.hpp"
#include "posix/clock.hpp"
#include "posix/file.hpp"

namespace runsuite {

std::optional<Death> reap_child()
{
    Death death;
    death.pid = ::waitpid(-1, &death.wait_status, WNOHANG);
    if (death.pid <= 0) return std::nullopt;
    return death;
}

bool has_children()
{
    siginfo_t about{};
    return ::waitid(P_ALL, 0, &about, WEXITED | WNOHANG | WNOWAIT) == 0;
}

bool is_child(pid_t pid)
{
    siginfo_t about{};
    return ::waitid(P_PID, static_cast<id_t>(pid), &about, WEXITED | WNOHANG | WNOWAIT) == 0;
}

bool was_stopped_by(int signal, pid_t child)
{
    siginfo_t about{};
    const bool is_asked = ::waitid(P_PID, static_cast<id_t>(child), &about, WSTOPPED | WNOHANG) == 0;
    return is_asked && about.si_pid == child && about.si_status == signal;
}

Outcome adopt_orphans()
{
#ifdef PR_SET_CHILD_SUBREAPER
    if (::prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) return Error::last("adopt orphans");
    return success();
#else
    return Error{"adopt orphans", ENOSYS};
#endif
}

void leave_orphans()
{
#ifdef PR_SET_CHILD_SUBREAPER
    ::prctl(PR_SET_CHILD_SUBREAPER, 0);
#endif
}

namespace {

bool has_ended(pid_t child)
{
    siginfo_t end{};
    return ::waitid(P_PID, static_cast<id_t>(child), &end, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           end.si_pid == child;
}

}  // namespace

std::size_t count_children(std::span<const pid_t> known)
{
    const auto list = open_file("/proc/thread-self/children", O_RDONLY, "list children");
    if (!list) return 0;
    std::size_t count = 0;
    pid_t child = 0;
    char bytes[256];
    for (ssize_t size = 0; (size = ::read(list->get(), bytes, sizeof bytes)) > 0;) {
        for (const char letter : std::string_view(bytes, static_cast<std::size_t>(size))) {
            if (letter != ' ') {
                child = child * 10 + (letter - '0');
                continue;
            }
            if (std::find(known.begin(), known.end(), child) == known.end() && !has_ended(child)) ++count;
            child = 0;
        }
    }
    return count;
}

Result<UniqueFd> watch_process(pid_t pid)
{
#ifdef SYS_pidfd_open
    UniqueFd fd{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
    if (!fd.is_open()) return Error::last("watch a process");
    return fd;
#else
    (void)pid;
    return Error{"watch a process", ENOSYS};
#endif
}

void signal_process([[maybe_unused]] int watch, pid_t pid, int signal)
{
#ifdef SYS_pidfd_send_signal
    if (watch >= 0 && (::syscall(SYS_pidfd_send_signal, watch, signal, nullptr, 0) == 0 || errno != ENOSYS))
        return;
#endif
    ::kill(pid, signal);
}

namespace {

constexpr std::int64_t nanoseconds_a_second = 1'000'000'000;

// A small file of /proc, whole; empty where it cannot be read.
template <std::size_t Size>
std::string_view read_proc(const char* path, std::array<char, Size>& room)
{
    auto file = open_file(path, O_RDONLY, "open");
    if (!file) return {};
    auto size = read_all(file->get(), room, "read");
    return size ? std::string_view(room.data(), *size) : std::string_view();
}

template <std::size_t Size>
std::string_view read_proc_of(pid_t pid, const char* file, std::array<char, Size>& room)
{
    FixedString<40> path{"/proc/"};
    path.append_number(pid).append(file);
    return read_proc(path.c_str(), room);
}

std::int64_t tick_of(std::int64_t moment)
{
    return moment / (nanoseconds_a_second / ::sysconf(_SC_CLK_TCK));
}

std::optional<std::int64_t> start_of(pid_t pid)
{
    std::array<char, 1024> room;
    return start_in_stat(read_proc_of(pid, "/stat", room));
}

// The moments of a mark are those of the clock of whoever wrote it, the ticks of /proc those of ours. What an earlier runsv
// has started is in its time namespace.
std::int64_t clock_difference(pid_t marked)
{
    std::array<char, 128> ours;
    std::array<char, 128> theirs;
    const auto our_offset = boot_clock_offset(read_proc("/proc/self/timens_offsets", ours));
    return our_offset - boot_clock_offset(read_proc_of(marked, "/timens_offsets", theirs));
}

std::uint64_t inode_of(int fd)
{
    struct stat about {};
    return ::fstat(fd, &about) == 0 ? about.st_ino : 0;
}

constexpr int field_of_parent = 4;
constexpr int field_of_start = 22;

// The second field is the name of the program, in parentheses, and may hold anything.
template <typename Number>
std::optional<Number> number_in_stat(std::string_view text, int wanted)
{
    const auto name_end = text.rfind(") ");
    if (name_end == std::string_view::npos) return std::nullopt;
    text.remove_prefix(name_end + 2);
    for (int field = 3; field < wanted; ++field) {
        const auto blank = text.find(' ');
        if (blank == std::string_view::npos) return std::nullopt;
        text.remove_prefix(blank + 1);
    }
    return parse_number<Number>({text.data(), std::min(text.find(' '), text.size())});
}

}  // namespace

std::optional<pid_t> parent_in_stat(std::string_view text)
{
    return number_in_stat<pid_t>(text, field_of_parent);
}

std::optional<std::int64_t> start_in_stat(std::string_view text)
{
    return number_in_stat<std::int64_t>(text, field_of_start);
}

std::int64_t boot_clock_offset(std::string_view text)
{
    constexpr std::string_view clock = "boottime";
    const auto begin = text.find(clock);
    if (begin == std::string_view::npos) return 0;
    text.remove_prefix(begin + clock.size());
    std::int64_t numbers[2] = {};
    for (std::int64_t& number : numbers) {
        while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
        const std::size_t size = std::min(text.find_first_of(" \n"), text.size());
        const auto parsed = parse_number<std::int64_t>({text.data(), size});
        if (!parsed) return 0;
        number = *parsed;
        text.remove_prefix(size);
    }
    return numbers[0] * nanoseconds_a_second + numbers[1];
}

ProcessMark mark_of_this_process()
{
    return {.alive_at = boottime_now().count(), .pid = ::getpid()};
}

ProcessSpace this_process_space()
{
    ProcessSpace space;
    std::array<char, 36> room;  // a UUID: one read(2)
    const auto boot = read_proc("/proc/sys/kernel/random/boot_id", room);
    std::copy(boot.begin(), boot.end(), space.boot.begin());
    struct stat about {};
    if (::stat("/proc/self/ns/pid", &about) == 0) space.pid_namespace = about.st_ino;
    if (auto first = watch_process(1)) space.first_process = inode_of(first->get());
    return space;
}

Result<UniqueFd> find_process(const ProcessMark& mark)
{
    constexpr const char* doing = "look for a process";
    if (mark.pid <= 0 || mark.pid == ::getpid() || mark.pid == ::getppid()) return Error{doing, ESRCH};
    auto watch = watch_process(mark.pid);
    if (!watch) return Error{doing, watch.error().code};
    const auto started = start_of(mark.pid);
    if (!started) return Error{doing, ENOSYS};
    const std::int64_t alive_at = mark.alive_at + clock_difference(mark.pid);
    if (*started > tick_of(alive_at)) return Error{doing, ESRCH};
    return watch;
}

bool has_first_process_seen(std::int64_t moment)
{
    const auto started = start_of(1);
    return !started || *started <= tick_of(moment);
}

namespace {

// Of PIDFD_GET_INFO, in its first version.
struct PidfdInfo {
    std::uint64_t mask;
    std::uint64_t cgroup;
    std::uint32_t ids[11];
    std::int32_t exit_code;
};

constexpr std::uint64_t info_exit = 1U << 3;  // PIDFD_INFO_EXIT

// PIDFD_GET_INFO. The upper bits of what ioctl(2) is given, which musl has as an int, do not count.
constexpr int get_info = static_cast<int>(_IOWR(0xff, 11, PidfdInfo));

}  // namespace

std::optional<int> wait_status_of(int watch)
{
    PidfdInfo info{};
    info.mask = info_exit;
    const bool is_told = ::ioctl(watch, get_info, &info) == 0 && (info.mask & info_exit) != 0;
    return is_told ? std::optional<int>(info.exit_code) : std::nullopt;
}

}  // namespace runsuite
