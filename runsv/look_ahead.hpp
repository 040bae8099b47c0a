// Commands wait in the fifo while a control script is awaited, and none is taken. Whether a `k` is among them is looked at all
// the same, or a script that hangs could not be ended by any command.
#pragma once

#include <optional>

#include "posix/edge.hpp"

namespace runsuite::runsv {

class LookAhead {
public:
    // Whether a script is awaited. Where the fifo cannot be watched there is no `k` until the script has ended.
    void watch(bool is_awaited, int control);
    int fd() const { return edge_ ? edge_->fd() : -1; }  // for poll(2): ask finds_kill() when it is readable
    bool finds_kill(int control) const;

private:
    std::optional<Edge> edge_;
    bool is_on_ = false;
};

}  // namespace runsuite::runsv
