// Reads the services directory, and knows when it has to be read again. The process is in that directory from the first
// scan that succeeds: its children start there.
#pragma once

#include <sys/stat.h>

#include "base/fixed_string.hpp"
#include "posix/directory.hpp"
#include "runsvdir/look_rule.hpp"
#include "runsvdir/scan_rule.hpp"
#include "runsvdir/watched_path.hpp"

namespace runsuite::runsvdir {

class Scanner {
public:
    struct Entry {
        const char* name = nullptr;  // nullptr: there are no more
        ServiceId id;
        bool is_directory = false;
        Error why;  // when it cannot be said which directory that is
    };

    // Keeps the current directory, from which `path` is looked up in every scan. `by_signal`: changes are told of by
    // SIGIO where the system can do that; answer it with expect_anything().
    Outcome open(const char* path, bool by_signal);
    void expect_anything() { is_watched_ = false; }

    // A scan: begin, next until the last entry, finish. The Errors of begin are to be told with the path as their name.
    Outcome begin();
    Result<Entry> next();
    // Before a scan, what the last news were of, if it is a directory: it need not wait for the others to be looked at.
    Entry newcomer();
    void finish(bool saw_everything, Instant now);

    // When to ask is_due() even if nothing is told: the time of the 5 s check.
    Instant deadline() const { return next_look_.at; }
    bool is_due(Instant now);
    void ask_for_scan() { next_look_ = {}; }

    int start_directory() const { return start_.get(); }

    int fd() const { return watched_.fd(); }  // readable: call read_news()
    void read_news();

    // Whether the process is in the directory that the path led to when it was last looked at.
    bool is_in_place() const { return is_in_place_; }
    // Why the directory is not watched; no error when it is. ENOSYS: the system has nothing to watch with.
    const Error& watch_failure() const { return watch_failure_; }

    // Debian's answer to a rescan that was asked for by signal: the time of it, in ".forced-rescan".
    static Outcome stamp_forced_rescan();

private:
    struct Stamp {
        ServiceId id;
        std::chrono::nanoseconds modified{};
        std::chrono::nanoseconds forced{};  // .forced-rescan

        bool operator==(const Stamp&) const = default;
    };
    static Entry look_at(const char* name);
    Result<Stamp> stamp_now() const;
    void watch_way();
    Outcome look_up();
    Outcome enter();

    const char* path_ = nullptr;
    UniqueFd start_;
    Directory listing_;
    WatchedPath watched_;
    bool is_watched_ = false;
    bool is_in_place_ = false;
    Stamp stamp_{};
    NextLook next_look_;
    Error watch_failure_;
    FixedString<255> newcomer_;  // empty: none
};

}  // namespace runsuite::runsvdir
