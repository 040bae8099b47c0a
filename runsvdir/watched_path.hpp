// Tells of changes in a services directory, and of changes that make its path lead to another directory: every directory
// that holds the last name of the path, or of a symlink on the way, is watched too (runsvchdir switches a symlink).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/fixed_string.hpp"
#include "posix/watch.hpp"

namespace runsuite::runsvdir {

class WatchedPath {
public:
    struct News {
        bool contents = false;  // names or modes in the directory have changed
        bool path = false;      // the path may lead elsewhere now: watch it anew
        FixedString<255> name;  // the last one in the directory that was told of
    };

    // From now on changes are told of by SIGIO, and fd() is none: the process ends without the wait that inotify has for
    // its end. Where the system has no such signal everything stays as it was.
    void ask_for_signals();

    // Watches the way to `path`, from the current directory; afterwards, in that directory, watch_contents().
    Outcome watch_way(const char* path);
    Outcome watch_contents();

    // Whether nothing can change without a word; otherwise somebody has to look now and then.
    bool tells_everything() const { return tells_everything_; }
    int fd() const { return watch_.fd(); }
    News read();

private:
    static constexpr std::size_t longest_way = 8;

    struct Mark {
        int watch;
        std::uint32_t name;  // its hash
    };
    Outcome open();
    Result<int> add(const char* directory, Watch::What what);
    void mark(const char* holder, const char* name);
    bool is_on_the_way(int watch, const char* name) const;

    Watch watch_;
    bool by_signal_ = false;
    std::array<UniqueFd, longest_way + 1> signalling_;  // by the number of the watch
    std::size_t signallers_ = 0;
    Mark marks_[longest_way];
    std::size_t marked_ = 0;
    int contents_ = -1;
    bool tells_everything_ = false;
};

}  // namespace runsuite::runsvdir
