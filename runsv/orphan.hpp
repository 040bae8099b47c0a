// A process that an earlier runsv has left: not our child, so its end is told by a descriptor, see pidfd_open(2), and how it
// ended by the kernel, once whoever adopted it has waited for it.
#pragma once

#include <poll.h>

#include <optional>

#include "base/instant.hpp"
#include "posix/unique_fd.hpp"

namespace runsuite::runsv {

class Orphan {
public:
    void watch(UniqueFd process) { process_ = std::move(process); }
    int fd() const { return process_.get(); }

    pollfd to_poll() const;
    // When to ask even if nothing is told: whoever should wait for it may never do so.
    Instant deadline() const { return patience_; }
    // Its wait status, or unknown_wait_status, once it has ended: it is watched no more. `told` is what poll(2) said of it.
    std::optional<int> end(short told, Instant now);

private:
    UniqueFd process_;
    Instant patience_ = never;  // other than never: it has ended, and that is awaited
};

}  // namespace runsuite::runsv
