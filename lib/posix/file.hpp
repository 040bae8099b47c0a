// Files: opened, read and replaced whole. Every descriptor is close-on-exec.
#pragma once

#include <fcntl.h>
#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "posix/unique_fd.hpp"

namespace runsuite {

// open(2) that never waits, whatever the name turns out to be: a fifo without a peer, a terminal, a device. Links are
// followed. Every open of the suite goes through these four. `doing` is the Error's, a literal.
Result<UniqueFd> open_file(const char* path, int flags, const char* doing, mode_t mode = 0);
Result<UniqueFd> open_file_at(int directory, const char* path, int flags, const char* doing, mode_t mode = 0);

// The same for a name in a directory that somebody else may write, of a file that is about to be changed: only a plain
// file that has this name alone. Fails with ELOOP on a symbolic link, EMLINK on a file with a second name, which may be
// anybody's, and with EISDIR or ENXIO on anything else. Truncate it with ftruncate(2), once it is known to be one.
Result<UniqueFd> open_plain_file_at(int directory, const char* path, int flags, const char* doing,
                                    mode_t mode = 0);

// A new file, open for writing. What had the name before loses it, and is neither followed nor opened.
Result<UniqueFd> create_file_at(int directory, const char* path, const char* doing, mode_t mode);

// Reads until `bytes` is full or the file ends; how many there were.
Result<std::size_t> read_all(int fd, std::span<char> bytes, const char* doing);
Outcome write_all(int fd, std::string_view bytes, const char* doing);

// Puts `bytes` (mode 0644) under the name `path` by way of `scratch` and a change of names: a reader sees the old
// contents or the new ones, whole, and what is there stays when anything fails. The Error has `path` for its name.
Outcome replace_file(const char* path, const char* scratch, std::string_view bytes, const char* doing);
// The same where nobody can be reading yet: under its name from the start, half the work. What had the name loses it.
Outcome new_file(const char* path, std::string_view bytes, const char* doing);

// Each becomes the name of what the other was, in one step. Where the system or the file system has nothing of the kind errno
// is ENOSYS or EINVAL.
bool exchange_names(const char* one, const char* other);

bool is_readable(const char* path);   // by us; takes no descriptor to find out
bool is_directory(const char* path);  // following symlinks
bool exists(const char* path);
Outcome find_at(int directory, const char* path, const char* doing);  // the same with a reason

// A directory, and whatever is missing above it, for us alone. One that is there already is no failure.
Outcome make_directories_at(int base, const char* path, const char* doing);

// When what has this name, a symbolic link itself, was changed last: made, moved, or put under this name.
Result<std::chrono::nanoseconds> change_of_name(int directory, const char* path, const char* doing);

// A file that has no name and goes with its descriptor.
Result<UniqueFd> open_nameless_file(const char* doing);

// flock(2), exclusive, held as long as the descriptor is open. Lock::Try fails with EWOULDBLOCK when it is taken.
enum class Lock { Try, Wait };
Result<UniqueFd> lock_file(const char* path, Lock how, const char* doing_open, const char* doing_lock);

// The descriptor is not open in the programs that are run from now on.
void close_on_exec(int fd);

// Standard error once more where it is a pipe or a terminal: what is set on it is not set for all who share it. Not open where
// that is something else, /proc is not mounted, or it was opened by another user.
UniqueFd standard_error_again(int flags);

// Opens whichever of descriptors 0, 1 and 2 are closed on /dev/null, so that nothing opened later takes their place.
void open_standard_descriptors();

}  // namespace runsuite
