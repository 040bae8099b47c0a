// Processes: children that have ended, and ones that are not our children.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>

#include "base/fixed_string.hpp"
#include "base/result.hpp"
#include "posix/unique_fd.hpp"

namespace runsuite {

struct Death {
    pid_t pid = 0;
    int wait_status = 0;  // as wait(2) tells it
};

// One child that has ended, without waiting for it; nothing when there is none.
std::optional<Death> reap_child();

// Whether there is any child, living or ended.
bool has_children();

// Whether `pid` is a child of ours, living or ended.
bool is_child(pid_t pid);

// Whether `signal` has stopped this child since it was asked about last.
bool was_stopped_by(int signal, pid_t child);

// The number that the system has given last: that of a process made for the question, whose end sends no CHLD. Nothing when
// none could be made, or the system has nothing of the kind.
std::optional<pid_t> newest_pid();

// From now on orphans below this process become its children, as those of process 1 do. Fails with ENOSYS where the
// system has nothing of the kind.
Outcome adopt_orphans();

// A descriptor that becomes readable when the process ends, child or not: pidfd_open(2). Fails with ENOSYS where there
// is none, with ESRCH when there is no such process.
Result<UniqueFd> watch_process(pid_t pid);

// To the process that `watch` was opened for, which cannot be another one of the same number meanwhile: see
// pidfd_send_signal(2). Where there is none, and for a `watch` of -1, to the number.
void signal_process(int watch, pid_t pid, int signal);

// What /proc/PID/stat says of a process, see proc(5).
struct ProcessRecord {
    FixedString<16> name;  // of the program, as far as the system keeps it
    pid_t parent = 0;
    std::chrono::nanoseconds started{};  // on the clock of boottime_now(), in steps of a clock tick (10 ms)
};

// Nothing without such a process, or without /proc.
std::optional<ProcessRecord> record_of_process(pid_t pid);

}  // namespace runsuite
