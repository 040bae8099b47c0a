// A log directory: opened, locked, and the names of its old log files.
#pragma once

#include <array>
#include <climits>
#include <optional>

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

    // The moment of the youngest old file, as its name has it.
    Tai64n latest() const;
    // The oldest file that waits for the processor, and how many there are.
    struct Waiting {
        std::optional<OldName> oldest;
        unsigned count = 0;
    };
    Waiting waiting() const;

    struct PruneRule {
        unsigned keep = 0;        // remove the oldest until no more than these are left; 0: none
        std::string_view spared;  // the moment ("@...") that a processor is at work on
        bool spare_unprocessed = false;
        bool tell = false;         // each removal, on standard error
        unsigned most = UINT_MAX;  // remove no more than these
    };
    // Removes old files, and scratch files that nobody is at work on. How many old files were removed.
    unsigned prune(const PruneRule& rule) const;

private:
    struct Oldest;
    Oldest survey(const PruneRule& rule) const;
    bool remove(std::string_view name, bool tell) const;
    template <typename Found>
    void each_old_name(Found found) const;

    const char* path_ = nullptr;
    UniqueFd fd_;
    UniqueFd lock_;
};

// "PATH/NAME", for messages.
using FullName = FixedString<1100>;
FullName full_name(const LogDirectory& directory, std::string_view name);

}  // namespace runsuite::svlogd
