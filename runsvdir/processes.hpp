// The processes that nobody supervises: orphans of services, and what was started beside them.
//
// Process 1 reaches all there are. Any other reaches its children: as /proc lists them, or, without it, by trying the
// numbers that were given since it was started. More of them may become children of ours at any time.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>

#include "runsvdir/services.hpp"

namespace runsuite::runsvdir {

// Whether it was started by this process, or by one that was, and so on. One that is gone counts as such, as kill(1) in a
// script is gone at once; 0 does not.
bool is_below(pid_t pid);

class Strays {
public:
    // TERM and CONT to those that had none yet. False: it cannot be said who they are.
    bool tell();
    void kill();

    // TERM and CONT, once, or KILL to what services that have ended left behind: orphans in the session of their runsv.
    void end_remains(Services& services, int signal);

private:
    bool is_new(pid_t pid);

    std::array<pid_t, 64> told_{};  // of more, the oldest are forgotten and told again
    std::size_t next_ = 0;
};

}  // namespace runsuite::runsvdir
