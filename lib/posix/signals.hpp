// Signals as data. The signals a program waits for are blocked everywhere but inside wait(), so no other call ever
// sees EINTR, and what came in is asked for with take().
#pragma once

#include <poll.h>

#include <csignal>
#include <initializer_list>
#include <span>

#include "base/instant.hpp"
#include "base/result.hpp"

namespace runsuite {

class Signals {
public:
    Signals() = default;
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    // Blocks `wanted` and starts to record them. Once a process.
    Outcome open(std::initializer_list<int> wanted);

    // Sleeps until a descriptor is ready, a wanted signal came in, or `timeout` (never: no limit) is over. The number
    // of ready descriptors, 0 after a signal or at the end of the time. Every pending signal has been recorded
    // when this returns, even while descriptors are always ready.
    Result<int> wait(std::span<pollfd> watched, std::chrono::nanoseconds timeout);

    // Whether `signal` came in since it was last asked for.
    static bool take(int signal);

    // In a child made by vfork(2): puts the default action back in place of our handlers, which would otherwise run in
    // memory shared with the parent once the mask opens.
    static void forget_in_child();

    // The mask that a child is to have: as inherited, with the wanted signals open.
    const sigset_t& child_mask() const { return child_mask_; }

private:
    sigset_t child_mask_{};
    sigset_t waiting_mask_{};
};

}  // namespace runsuite
