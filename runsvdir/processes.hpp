// The processes that nobody supervises: orphans of services, and what was started beside them.
//
// Process 1 reaches all there are. Any other reaches its children: as /proc lists them, or, without it, by trying numbers.
// More of them may become children of ours at any time.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <string_view>

#include "runsvdir/services.hpp"

namespace runsuite::runsvdir {

// Whether it was started by this process, or by one that was, and so on. One that is gone counts as such, as kill(1) in a
// script is gone at once; 0 does not.
bool is_below(pid_t pid);

class Strays {
public:
    // TERM and CONT to those that had none yet.
    void tell();
    void kill();
    // Not all of them may have been reached: to be done again at once.
    bool is_searching() const { return is_searching_; }

    // TERM and CONT, once, or KILL to what services that have ended left behind: orphans in the session of their runsv.
    void end_remains(Services& services, int signal);

private:
    using Reach = void (Strays::*)(pid_t);

    bool reach_children(Reach reach);  // false: there are numbers left to try
    std::string_view reach_listed(std::string_view text, Reach reach);
    void reach_numbers(pid_t first, Reach reach);
    void reach_more_numbers(Reach reach);

    void tell_one(pid_t pid);
    void kill_one(pid_t pid);
    void end_remains_of(pid_t pid);
    bool is_new(pid_t pid);

    std::array<pid_t, 64> told_{};  // of more, the oldest are forgotten and told again
    std::size_t next_ = 0;
    pid_t next_number_ = 0;
    bool is_searching_ = false;
    Services* services_ = nullptr;  // whose remains are to end, by `signal_`
    int signal_ = 0;
};

}  // namespace runsuite::runsvdir
