// What an earlier runsv, killed before its time, has left running. Starting a second copy beside it would be wrong, so
// it is taken over: watched, signalled, reported and, when it ends, followed by a child of ours.
#pragma once

#include <optional>

#include "model/status_record.hpp"
#include "posix/unique_fd.hpp"

namespace runsuite::runsv {

struct LeftRunning {
    int pid = 0;
    bool finishing = false;
    Tai64n since;
    UniqueFd watch;  // readable when it has ended
};

// The process of `last`, if it is still there. The same number alone proves nothing: it also has to have been started
// when `pid_file` was written, which was in the life of this process 1, and must not be another runsv's by now. That takes
// pidfd_open(2), /proc and a wall clock that was not set since; where any of them is missing there is nothing to take over.
std::optional<LeftRunning> find_left_running(const StatusRecord& last, const char* pid_file);

}  // namespace runsuite::runsv
