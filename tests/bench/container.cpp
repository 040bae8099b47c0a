// container start COUNT PROGRAM ARG...    from the first process of a new pid namespace until COUNT services run
// container stop COUNT PROGRAM ARG...     and then from its TERM until it is gone
// container memory COUNT PROGRAM ARG...   and then what it and its children have written to
// container orphans PROGRAM ARG...        until a service below it has said how long its orphans took
// container orphans-of COUNT              that service: COUNT dead become orphans at one moment, until none is left
//
// Runs PROGRAM as `unshare -pf --mount-proc` would, without the time that takes, and prints nanoseconds or KiB. Services say
// one byte on standard output when they start.
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

namespace {

using Clock = std::chrono::steady_clock;
constexpr int patience = 60000;  // ms

long long since(Clock::time_point start)
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count();
}

[[noreturn]] void fail(const char* what)
{
    std::perror(what);
    std::exit(1);
}

struct First {
    pid_t pid = -1;
    int said = -1;
    Clock::time_point started;
};

[[noreturn]] void become(char** command, int output)
{
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) < 0 ||
        ::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) < 0) {
        fail("mount");
    }
    const int nowhere = ::open("/dev/null", O_RDWR);
    ::dup2(nowhere, 0);
    ::dup2(output, 1);
    ::dup2(nowhere, 2);
    ::execvp(command[0], command);
    ::_exit(127);
}

First start(char** command)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) < 0) fail("pipe2");
    First first{-1, ends[0], Clock::now()};
    first.pid = static_cast<pid_t>(::syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWNS | SIGCHLD, 0, 0, 0, 0));
    if (first.pid < 0) fail("clone");
    if (first.pid == 0) become(command, ends[1]);
    ::close(ends[1]);
    return first;
}

long long await(const First& first, long count)
{
    while (count > 0) {
        char bytes[256];
        pollfd said{first.said, POLLIN, 0};
        if (::poll(&said, 1, patience) <= 0) fail("no service");
        const ssize_t size = ::read(first.said, bytes, sizeof bytes);
        if (size <= 0) fail("no service");
        count -= size;
    }
    return since(first.started);
}

void end(const First& first)
{
    ::kill(first.pid, SIGKILL);
    ::waitpid(first.pid, nullptr, 0);
}

// What is written of the last start is on disk, and nobody runs who will not.
void settle()
{
    ::poll(nullptr, 0, 300);
}

long long stop(const First& first)
{
    settle();
    const auto asked = Clock::now();
    ::kill(first.pid, SIGTERM);
    ::waitpid(first.pid, nullptr, 0);
    return since(asked);
}

long field(const std::string& file, const std::string& name)
{
    std::ifstream input(file);
    for (std::string line; std::getline(input, line);) {
        if (line.rfind(name + ":", 0) == 0) return std::atol(line.c_str() + name.size() + 1);
    }
    return 0;
}

long memory_of(pid_t pid)
{
    return field("/proc/" + std::to_string(pid) + "/smaps_rollup", "Anonymous");
}

long memory(const First& first)
{
    settle();
    long sum = memory_of(first.pid);
    std::ifstream children("/proc/" + std::to_string(first.pid) + "/task/" + std::to_string(first.pid) +
                           "/children");
    for (pid_t pid; children >> pid;) sum += memory_of(pid);
    return sum;
}

// Its children have all ended, and become orphans when it does.
[[noreturn]] void hold_the_dead(long count, int held)
{
    ::setpgid(0, 0);
    for (long made = 0; made < count; ++made) {
        const pid_t pid = ::fork();
        if (pid < 0) ::_exit(1);
        if (pid == 0) ::_exit(0);
        siginfo_t about;
        ::waitid(P_PID, static_cast<id_t>(pid), &about, WEXITED | WNOWAIT);
    }
    if (::write(held, "", 1) != 1) ::_exit(1);
    for (;;) ::pause();
}

int orphans_of(long count)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) < 0) fail("pipe2");
    const pid_t group = ::fork();
    if (group == 0) hold_the_dead(count, ends[1]);
    ::setpgid(group, group);
    ::close(ends[1]);
    char byte = 0;
    if (::read(ends[0], &byte, 1) != 1) fail("fork");
    settle();
    const auto killed = Clock::now();
    ::kill(group, SIGKILL);
    ::waitpid(group, nullptr, 0);
    while (::kill(-group, 0) == 0 && since(killed) < 1000000LL * patience) ::usleep(200);
    std::printf("%lld\n", since(killed));
    std::fflush(stdout);
    for (;;) ::pause();
}

std::string line_of(const First& first)
{
    std::string line;
    for (char byte = 0; ::read(first.said, &byte, 1) == 1 && byte != '\n';) line += byte;
    return line;
}

}  // namespace

int main(int argc, char* argv[])
{
    if (argc < 3) return 1;
    const std::string what = argv[1];
    if (what == "orphans-of") return orphans_of(std::atol(argv[2]));
    if (what == "orphans") {
        const First first = start(argv + 2);
        std::cout << line_of(first) << '\n';
        end(first);
        return 0;
    }
    const First first = start(argv + 3);
    const long long until_up = await(first, std::atol(argv[2]));
    if (what == "stop") {
        std::cout << stop(first) << '\n';
        return 0;
    }
    std::cout << (what == "memory" ? memory(first) : until_up) << '\n';
    end(first);
    return 0;
}
