// Many descriptors behind one: epoll(7). What is watched is one descriptor more in poll(2), however many there are. Where the
// system has nothing of the kind add() fails with ENOSYS.
#pragma once

#include <span>

#include "base/result.hpp"
#include "posix/unique_fd.hpp"

namespace runsuite {

class WatchSet {
public:
    // `fd` is borrowed: its close takes it out. `subject` is what ready() says when it has become readable.
    Outcome add(int fd, void* subject);

    int fd() const { return set_.get(); }  // readable when one of them is; -1: none was ever added
    // Those that are readable, as many as there is room for.
    std::span<void* const> ready(std::span<void*> room) const;

private:
    UniqueFd set_;
};

}  // namespace runsuite
