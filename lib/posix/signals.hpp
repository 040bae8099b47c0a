// Signals as data. The signals a program waits for are blocked everywhere but inside wait(), so that none of them makes
// another call fail with EINTR (a stop and a continue of the process still can), and what came in is asked for with take().
#pragma once

#include <poll.h>

#include <csignal>
#include <initializer_list>
#include <optional>
#include <span>

#include "base/instant.hpp"
#include "base/result.hpp"

namespace runsuite {

class Signals {
public:
    Signals() = default;
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    // Blocks `wanted` and starts to record them, and those of `unless_ignored` that the process does not ignore: nohup(1)
    // and background jobs rely on that. Once a process.
    Outcome open(std::initializer_list<int> wanted, std::initializer_list<int> unless_ignored = {});

    // More that are wanted, after open(): one that is to end the process until then is still at its default.
    Outcome add(std::initializer_list<int> wanted);

    // Sleeps until a descriptor is ready, a wanted signal came in, or `timeout` (never: no limit) is over. The number
    // of ready descriptors, 0 after a signal or at the end of the time. Every pending signal has been recorded
    // when this returns, even while descriptors are always ready. A failure comes after a pause of a tenth of a second at
    // most, and lets signals in one by one.
    Result<int> wait(std::span<pollfd> watched, std::chrono::nanoseconds timeout);

    // Whether `signal` came in since it was last asked for.
    static bool take(int signal);

    // From now on take_with_sender() knows who sent it.
    static void note_sender_of(int signal);
    // The sender, in this pid namespace, of `signal` since it was last asked for; 0 for one outside of it, also beside
    // others, and for the kernel. Nothing when it did not come in.
    static std::optional<pid_t> take_with_sender(int signal);

    // From now on CHLD comes in for a child that is stopped, too.
    static void tell_of_stopped_children();

    // In a child made by vfork(2): puts the default action back in place of our handlers, which would otherwise run in
    // memory shared with the parent once the mask opens.
    static void forget_in_child();

    // In such a child, before that: one that has come in and is blocked does not come to the program.
    static void discard(int signal);

    // Ends the process as it would have ended by `signal`, had it not been caught.
    static void end_by(int signal);

    // The mask that a child is to have: as inherited, with the wanted signals open.
    const sigset_t& child_mask() const { return child_mask_; }

private:
    Outcome record(std::initializer_list<int> wanted);

    sigset_t child_mask_{};
    sigset_t waiting_mask_{};
};

}  // namespace runsuite
