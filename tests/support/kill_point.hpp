// A SIGKILL at a system call, counted: of a program, and of its children until they have become other programs.
#pragma once

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <vector>

#include "support/catch.hpp"
#include "support/process.hpp"

namespace support {

class KillPoint {
public:
    // The program goes on as it did; it has to be a child of ours. With `from`, counting begins at that system call.
    explicit KillPoint(pid_t pid, long from = -1) : program_(pid), from_(from), tracees_{pid}
    {
        const auto options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEFORK |
                             PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;
        REQUIRE(::ptrace(PTRACE_SEIZE, pid, nullptr, options) == 0);
        REQUIRE(::ptrace(PTRACE_INTERRUPT, pid, nullptr, nullptr) == 0);
    }
    KillPoint(const KillPoint&) = delete;
    KillPoint& operator=(const KillPoint&) = delete;

    // Kills the program where it enters its call number `call`, which is not made any more. Without such a call, until
    // nothing has happened for a while and `is_over` holds, the program is let go. How many calls there were.
    template <typename Claim>
    int kill_at(int call, Claim is_over)
    {
        wanted_ = call;
        for (int quiet = 0; calls_ < wanted_;) {
            if (look()) {
                quiet = 0;
                continue;
            }
            if (has_ended()) return calls_;
            quiet = is_over() ? quiet + 1 : 0;
            if (quiet > 3) break;
            ::poll(nullptr, 0, 1);
        }
        if (calls_ >= wanted_) ::kill(program_, SIGKILL);
        let_go();
        return calls_;
    }
    bool has_ended() const
    {
        const int what = news_of(program_);
        return what == CLD_EXITED || what == CLD_KILLED || what == CLD_DUMPED;
    }

private:
    // What there is to be waited for, which is left there; 0 for nothing. A traced child's stop is there for every wait(2).
    static int news_of(pid_t pid)
    {
        siginfo_t about{};
        ::waitid(P_PID, static_cast<id_t>(pid), &about, WSTOPPED | WEXITED | WNOHANG | WNOWAIT | __WALL);
        return about.si_pid != 0 ? about.si_code : 0;
    }
    static bool has_stopped(pid_t pid)
    {
        const int what = news_of(pid);
        return what == CLD_TRAPPED || what == CLD_STOPPED;
    }
    bool look()
    {
        for (const pid_t pid : tracees_) {
            if (!has_stopped(pid)) continue;
            int status = 0;
            ::waitpid(pid, &status, __WALL);
            see(pid, WSTOPSIG(status), status >> 16);
            return true;
        }
        return false;
    }
    void see(pid_t pid, int signal, int event)
    {
        int passed_on = 0;
        if (signal == (SIGTRAP | 0x80)) {
            if (counts(pid) && ++calls_ == wanted_) return;
        } else if (event == PTRACE_EVENT_VFORK || event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_CLONE) {
            unsigned long child = 0;
            ::ptrace(PTRACE_GETEVENTMSG, pid, nullptr, &child);
            tracees_.push_back(static_cast<pid_t>(child));
        } else if (event == PTRACE_EVENT_EXEC && pid != program_) {
            std::erase(tracees_, pid);
            ::ptrace(PTRACE_DETACH, pid, nullptr, nullptr);
            return;
        } else if (event == 0) {
            passed_on = signal;
        }
        ::ptrace(PTRACE_SYSCALL, pid, nullptr, passed_on);
    }
    bool counts(pid_t pid)
    {
        struct __ptrace_syscall_info about {};
        ::ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof about, &about);
        if (about.op != PTRACE_SYSCALL_INFO_ENTRY) return false;
        if (static_cast<long>(about.entry.nr) == from_) from_ = -1;
        return from_ == -1;
    }
    // What is not stopped has to be, to be let go.
    void let_go()
    {
        for (const pid_t pid : tracees_) {
            ::ptrace(PTRACE_INTERRUPT, pid, nullptr, nullptr);
            eventually([&] {
                const bool is_let_go = ::ptrace(PTRACE_DETACH, pid, nullptr, nullptr) == 0;
                return is_let_go || !is_alive(pid) || proc_field(pid, "TracerPid") == "0";
            });
        }
        tracees_.clear();
    }

    pid_t program_;
    long from_;
    std::vector<pid_t> tracees_;
    int calls_ = 0;
    int wanted_ = 0;
};

}  // namespace support
