// Tells of changes in a services directory, and of changes that make its path lead to another directory: every directory
// that holds the last name of the path, or of a symlink on the way, is watched too (runsvchdir switches a symlink).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/fixed_string.hpp"
#include "posix/watch.hpp"

namespace runsuite::runsvdir {

class WatchedPath {
public:
    struct News {
        bool contents = false;  // it cannot be said which names in the directory have changed
        bool path = false;      // the path may lead elsewhere now: watch it anew
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
    // Calls `changed(name)` for each name in the directory that has come or gone, or whose mode has changed; of a rename for
    // the old one first.
    template <typename Changed>
    News read(Changed changed);
    // Of a rename only the old name was told. It is kept: the new one follows, unless it is in another directory. Once no
    // rename can be going on any more, and all was read, this says that it is gone.
    bool is_half_told() const { return is_half_told_; }
    template <typename Changed>
    void conclude(Changed changed);

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
    bool is_half_told_ = false;
    FixedString<255> old_name_;
};

template <typename Changed>
WatchedPath::News WatchedPath::read(Changed changed)
{
    News news;
    watch_.each_of_some([&](const Watch::Event& event) {
        if (event.name == nullptr) news.contents = news.path = true;
        if (event.name == nullptr) return;
        if (is_on_the_way(event.watch, event.name)) news.path = true;
        if (event.watch != contents_) return;
        // A rename that begins, or the other half of the one that began: that one is over.
        if (event.is_old_name || event.is_new_name) conclude(changed);
        if (!event.is_old_name) return changed(event.name);
        old_name_ = FixedString<255>{event.name};
        is_half_told_ = true;
    });
    return news;
}

template <typename Changed>
void WatchedPath::conclude(Changed changed)
{
    if (std::exchange(is_half_told_, false)) changed(old_name_.c_str());
}

}  // namespace runsuite::runsvdir
