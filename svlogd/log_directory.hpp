// A log directory: opened, locked, and the names of its old log files.
#pragma once

#include <sys/types.h>

#include <optional>
#include <span>

#include "base/result.hpp"
#include "posix/unique_fd.hpp"
#include "svlogd/rotation.hpp"

namespace runsuite::svlogd {

class LogDirectory {
public:
    // `path` is kept. With `create` a missing directory is made, one level, mode 0755.
    static Result<LogDirectory> open(const char* path, bool create);

    const char* path() const { return path_; }
    int fd() const { return fd_.get(); }
    bool is_open() const { return fd_.is_open(); }
    // Unlocks it, whoever has inherited the lock.
    void close();
    // It was removed, or its path leads to another one. One that was merely renamed is where it was.
    bool is_lost() const;

    // A plain file of the directory, whoever makes the names there: see open_plain_file_at(), and is_strange(). In a
    // directory that only we and root can write, a second name is no trick: some take their backups that way.
    Result<UniqueFd> open_plain(const char* name, int flags, const char* doing, mode_t mode = 0) const;

    // The moment of the youngest old file, as its name has it.
    Tai64n latest() const;
    // The oldest file that waits for the processor, and how many there are.
    struct Waiting {
        std::optional<OldName> oldest;
        unsigned count = 0;
    };
    Waiting waiting() const;

    struct PruneRule {
        unsigned keep = 0;        // the oldest are too many until no more than these are left; 0: none are
        std::string_view spared;  // the moment ("@...") that a processor is at work on
        bool spare_unprocessed = false;
        bool tell = false;  // each removal, on standard error
    };
    // How many old files are too many; the oldest of these, the oldest first, as far as there is room. Removes scratch files
    // that nobody is at work on.
    std::size_t find_oldest(const PruneRule& rule, std::span<OldName> names) const;
    // False: it cannot be removed, which was told. One that is gone counts as removed.
    bool remove(std::string_view name, bool tell) const;

private:
    class Oldest;
    template <typename Found>
    void each_old_name(Found found) const;

    const char* path_ = nullptr;
    UniqueFd fd_;
    UniqueFd lock_;
    bool is_private_ = false;  // only we and root can make names in it
};

// Why open_plain() fails: somebody has put something else there, a link, a fifo, a device or a directory.
bool is_strange(int code);

// "PATH/NAME", for messages.
using FullName = FixedString<1100>;
FullName full_name(const LogDirectory& directory, std::string_view name);

}  // namespace runsuite::svlogd
