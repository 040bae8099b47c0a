// Whether ./run goes to the background by itself: it exits 0 at once, and what it has left behind goes on. It is started again
// and again, and leaves copies.
//
// Who left an orphan nobody can tell afterwards: it may have a session, a directory and descriptors of its own, and belongs to
// process 1. Only whom the kernel hands it to knows without guessing, see PR_SET_CHILD_SUBREAPER in prctl(2). But that changes
// who has the orphans of a service, so it is done for a start that follows an end with 0 soon after the start before, until
// that one has ended as well or has lasted, and no more once it has been told. What was adopted meanwhile stays with runsv.
//
// Never told is a service whose second start fails because of the first, which lives.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <span>

#include "base/instant.hpp"

namespace runsuite::runsv {

class Background {
public:
    // ./run is about to be started. `ours` are the processes that runsv has started itself.
    void begin(std::span<const pid_t> ours, Instant now);
    // Something else was started or has ended: an orphan may be its.
    void doubt() { is_certain_ = false; }
    // It has ended: how many processes it has left behind, where that is to be told, else 0. `well`: with 0, and nobody asked.
    std::size_t end(std::span<const pid_t> ours, bool well, Instant ran);
    // When it has lasted; never, as a rule.
    Instant deadline() const { return until_; }
    void lasted();

private:
    bool is_suspected_ = false;
    bool is_certain_ = false;
    bool is_told_ = false;
    Instant until_ = never;  // other than never: orphans are adopted
    std::size_t before_ = 0;
};

}  // namespace runsuite::runsv
