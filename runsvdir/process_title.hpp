// The readproctitle log: what runsvdir and everything below it writes to standard error is shown in the arguments of
// this process, where ps(1) finds it.
//
// The services get a pipe that blocks them while it is full, as any other standard error would. Our own lines go into a
// pipe of their own that never blocks: we are the ones who empty it.
#pragma once

#include <poll.h>

#include <array>
#include <span>

#include "base/instant.hpp"
#include "posix/fifo.hpp"
#include "posix/spawn.hpp"

namespace runsuite::runsvdir {

class ProcessTitle {
public:
    // Takes over our standard error. `placeholder` is written to from now on.
    Outcome open(char* placeholder);
    bool is_open() const { return !text_.empty(); }

    std::array<pollfd, 2> watched() const;
    std::span<const Redirect> redirects() const { return {&redirect_, is_open() ? 1U : 0U}; }  // of a child

    void read();
    // What is written to standard error from now on goes where it went before.
    void give_back();
    // A dot now and then pushes old messages out.
    void write_dot_if_due(Instant now);
    Instant deadline() const { return is_open() ? next_dot_ : never; }

private:
    void read_from(int fd);

    std::span<char> text_;
    Pipe of_services_;
    UniqueFd of_ours_;
    UniqueFd before_;  // standard error as it was
    Redirect redirect_{};
    Instant next_dot_{};
};

}  // namespace runsuite::runsvdir
