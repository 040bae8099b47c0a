// Reads the services directory, and knows when it has to be read again. The process is in that directory from the first
// scan that succeeds: its children start there.
#pragma once

#include <sys/stat.h>

#include <array>

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
        bool is_directory = false;  // a service, therefore
        bool leads_back = false;    // it is the services directory itself, or one that holds it
        Error why;                  // when it cannot be said which directory that is
    };

    // Keeps the current directory, from which `path` is looked up in every scan. `by_signal`: changes are told of by
    // SIGIO where the system can do that; answer it with expect_anything().
    Outcome open(const char* path, bool by_signal);
    void expect_anything() { is_watched_ = false; }

    // A scan: begin, next until the last entry, finish. The Errors of begin are to be told with the path as their name.
    Outcome begin();
    Result<Entry> next();
    void finish(bool saw_everything, Instant now);

    // When to ask is_due() even if nothing is told: the time of the 5 s check.
    Instant deadline() const { return next_look_.at; }
    bool is_due(Instant now);
    void ask_for_scan() { next_look_ = {}; }

    int start_directory() const { return start_.get(); }

    int fd() const { return watched_.fd(); }  // readable: call read_news()
    // Calls `changed(entry)` for each name that has changed; `entry` is no directory where there is none any more. Where a
    // name alone says too little a scan is due instead.
    template <typename Changed>
    void read_news(Changed changed);

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
    Entry look_at(const char* name) const;
    void find_ways_back();
    bool takes_names() const;
    static bool let_renames_end();
    static bool asks_for_scan(const char* name);
    static bool is_trouble(const Entry& entry);
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
    bool has_trouble_ = false;  // with a name, in the last scan: all may be well with it when another one changes
    std::array<ServiceId, 32> ways_back_{};  // the services directory, and those above it
};

template <typename Changed>
void Scanner::read_news(Changed changed)
{
    const auto look = [&](const char* name) {
        if (!takes_names() || asks_for_scan(name)) return ask_for_scan();
        if (*name == '.') return;
        const Entry entry = look_at(name);
        if (is_trouble(entry)) return ask_for_scan();
        changed(entry);
    };
    auto news = watched_.read(look);
    if (watched_.is_half_told()) {
        if (!let_renames_end()) ask_for_scan();
        const auto more = watched_.read(look);
        news = {news.contents || more.contents, news.path || more.path};
        watched_.conclude(look);
    }
    if (news.path) is_watched_ = false;
    if (news.path || news.contents) ask_for_scan();
}

}  // namespace runsuite::runsvdir
