// The file supervise/lock. Whoever holds its flock(2) is the runsv of the service; what it says, LockRecord, is for the next
// one and for runsvdir. It is believed only where nobody but us, or root, can have written it.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "model/lock_record.hpp"
#include "posix/file.hpp"
#include "posix/unique_fd.hpp"

namespace runsuite {

// Opens the file, or makes it, and takes its lock. One that somebody else may have written, or that has a second name, is
// replaced by a new one. The Errors have `path` for their name.
Result<UniqueFd> hold_lock_file(const char* path, Lock how);

// What the runsv before this one left in a lock file that is held.
std::optional<LockRecord> read_lock_record(int lock);

// In one call: a reader sees the old record or the new one. Usable after vfork(2).
Outcome write_lock_record(int lock, const LockRecord& record);

// The runsv of the service directory `service`, one that lives, to be watched; ESRCH where there is none. Anything else: it
// cannot be told.
Result<UniqueFd> find_runsv(const char* service, const ProcessSpace& here, pid_t& pid);

}  // namespace runsuite
