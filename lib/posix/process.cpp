#include "posix/process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "base/fixed_string.hpp"
#include "base/parse.hpp"
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

std::optional<pid_t> newest_pid()
{
#if defined(SYS_clone) && defined(__WALL)
    const auto pid =
        static_cast<pid_t>(::syscall(SYS_clone, 0, 0, 0, 0, 0));  // a fork(2) with no signal for its end
    if (pid == 0) ::_exit(0);
    if (pid < 0) return std::nullopt;
    ::waitpid(pid, nullptr, __WALL);  // it does nothing but end
    return pid;
#else
    return std::nullopt;
#endif
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

constexpr int field_of_parent = 4;
constexpr int field_of_start = 22;

// The second field is the name of the program, in parentheses, and may hold anything.
std::optional<ProcessRecord> parse_record(std::string_view rest)
{
    ProcessRecord record;
    const auto name_begin = rest.find('(');
    const auto name_end = rest.rfind(") ");
    if (name_begin == std::string_view::npos || name_end == std::string_view::npos) return std::nullopt;
    record.name.append({rest.data() + name_begin + 1, name_end - name_begin - 1});
    rest.remove_prefix(name_end + 2);
    for (int field = 3;; ++field) {
        const auto blank = rest.find(' ');
        if (blank == std::string_view::npos) return std::nullopt;
        const auto number = field > 3 ? parse_number<std::int64_t>({rest.data(), blank}) : 0;
        if (!number) return std::nullopt;
        if (field == field_of_parent) record.parent = static_cast<pid_t>(*number);
        if (field == field_of_start) {
            record.started = std::chrono::nanoseconds(*number * (1'000'000'000 / ::sysconf(_SC_CLK_TCK)));
            return record;
        }
        rest.remove_prefix(blank + 1);
    }
}

}  // namespace

std::optional<ProcessRecord> record_of_process(pid_t pid)
{
    FixedString<32> path{"/proc/"};
    path.append_number(pid).append("/stat");
    auto file = open_file(path.c_str(), O_RDONLY, "open");
    if (!file) return std::nullopt;
    std::array<char, 1024> bytes;
    auto size = read_all(file->get(), bytes, "read");
    if (!size) return std::nullopt;
    return parse_record({bytes.data(), *size});
}

}  // namespace runsuite
