// Processes: children that have ended, and ones that are not our children.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/process_mark.hpp"
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

// From now on orphans below this process become its children, as those of process 1 do. Fails with ENOSYS where the
// system has nothing of the kind.
Outcome adopt_orphans();
// And from now on not any more; those that it has stay.
void leave_orphans();

// How many children there are that have not ended, beside those of `known`. 0 where the system does not say, see
// /proc/PID/task/TID/children in proc(5).
std::size_t count_children(std::span<const pid_t> known);

// A descriptor that becomes readable when the process ends, child or not: pidfd_open(2). Fails with ENOSYS where there
// is none, with ESRCH when there is no such process.
Result<UniqueFd> watch_process(pid_t pid);

// To the process that `watch` was opened for, which cannot be another one of the same number meanwhile: see
// pidfd_send_signal(2). Where there is none, and for a `watch` of -1, to the number.
void signal_process(int watch, pid_t pid, int signal);

// What its number and a look at the boot clock say of this process.
ProcessMark mark_of_this_process();

// Where the numbers of processes that this one sees are good for. Not known without /proc.
ProcessSpace this_process_space();

// The process of a mark of this space, to be watched; ESRCH when it has ended. Anything else: it cannot be told here.
Result<UniqueFd> find_process(const ProcessMark& mark);

// Whether process 1 was there already at `moment` of the boot clock, as far as that can be told to a tick (10 ms).
bool has_first_process_seen(std::int64_t moment);

// How a process that has ended, child or not, did so, as wait(2) tells it: once somebody has waited for it, with Linux 6.15
// or later, see PIDFD_GET_INFO in pidfd_open(2). Nothing where that is not known, or not yet.
std::optional<int> wait_status_of(int watch);

// When a process was started, in clock ticks on the boot clock, out of the text of /proc/PID/stat, see proc_pid_stat(5).
std::optional<std::int64_t> start_in_stat(std::string_view text);

// Its parent, out of the same text; 0 for one in another pid namespace.
std::optional<pid_t> parent_in_stat(std::string_view text);

// By how much the boot clock of a time namespace is ahead, in nanoseconds, out of the text of /proc/PID/timens_offsets, see
// time_namespaces(7). 0 where it does not say.
std::int64_t boot_clock_offset(std::string_view text);

}  // namespace runsuite
