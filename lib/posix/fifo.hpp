// Named pipes, see fifo(7).
#pragma once

#include <cstddef>
#include <span>

#include "base/result.hpp"
#include "posix/unique_fd.hpp"

namespace runsuite {

// Makes the fifo (mode 0600) unless there is one; fails with EEXIST when the name is something else. One that has a second
// name, and so may be anybody's, is replaced. OursAlone: so is whatever is not a fifo of ours that nobody else may open.
enum class Whose { Any, OursAlone };
Outcome make_fifo(const char* path, Whose whose, const char* doing);

// Without waiting for a peer, and not through a link. O_RDWR is both ends on one descriptor: never an end of file, however
// often its writers come and go. Linux, the BSDs and Darwin allow it; POSIX leaves it open.
Result<UniqueFd> open_fifo(const char* path, int flags, const char* doing);

// Fails with ENXIO while nobody reads.
Result<UniqueFd> open_writing_end(const char* path, const char* doing);

bool is_fifo(int fd);

// How many bytes the reader has still to take, told on either end; fails where the system cannot tell.
Result<int> unread_bytes(int fd, const char* doing);

// The first bytes that can be read, as many as there is room for; they stay where they are. See tee(2); fails with ENOSYS
// where there is none.
Result<std::size_t> peek_fifo(int fd, std::span<char> room, const char* doing);

struct Pipe {
    UniqueFd reading;
    UniqueFd writing;
};
Result<Pipe> make_pipe(const char* doing);  // both close-on-exec

}  // namespace runsuite
