#include "runsvdir/watched_path.hpp"

#include <sys/stat.h>

#include <cstring>

#include "base/fixed_string.hpp"
#include "posix/file.hpp"
#include "posix/filesystem.hpp"
#include "runsvdir/name_hash.hpp"

namespace runsuite::runsvdir {

namespace {

// A longer way is not watched; somebody looks now and then.
using Path = FixedString<1023>;

struct Split {
    Path holder;  // the directory that holds the name
    Path name;
};

Split split(std::string_view path)
{
    while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
    const auto slash = path.rfind('/');
    if (slash == std::string_view::npos) return {Path{"."}, Path{path}};
    const Path holder{path.substr(0, slash == 0 ? 1 : slash)};
    path.remove_prefix(slash + 1);  // substr() would bring in what throws
    return {holder, Path{path}};
}

bool sees_every_change_in(const char* path)
{
    auto directory = open_file(path, O_RDONLY | O_DIRECTORY, "open directory");
    return directory && sees_every_change(directory->get());
}

// The path that the symlink `path` stands for; empty when it is none.
Path target_of(const char* path, const Path& holder)
{
    char target[1024];
    const ssize_t size = ::readlink(path, target, sizeof target);
    if (size <= 0) return Path{};
    Path led_to;
    if (target[0] != '/') led_to.append(holder.view()).append("/");
    led_to.append({target, static_cast<std::size_t>(size)});
    return led_to;
}

// Only the last name of a path is watched. Another symlink on the way can be switched unseen.
bool leads_through_symlink(Path path)
{
    for (;;) {
        struct stat about {};
        if (::lstat(path.c_str(), &about) == 0 && S_ISLNK(about.st_mode)) return true;
        const auto slash = path.view().rfind('/');
        if (slash == std::string_view::npos || slash == 0) return false;
        path.shorten(slash);
    }
}

}  // namespace

void WatchedPath::ask_for_signals()
{
    by_signal_ = bool(signal_changes(".", Watch::What::Names));
}

Outcome WatchedPath::open()
{
    signallers_ = 0;
    for (UniqueFd& fd : signalling_) fd.close();
    if (by_signal_) return success();
    auto watch = Watch::open();
    watch_ = watch ? std::move(*watch) : Watch{};
    return watch ? success() : Outcome(watch.error());
}

Result<int> WatchedPath::add(const char* directory, Watch::What what)
{
    if (!by_signal_) return watch_.add(directory, what);
    auto fd = signal_changes(directory, what);
    if (!fd) return fd.error();
    signalling_[signallers_] = std::move(*fd);
    return static_cast<int>(signallers_++);
}

Outcome WatchedPath::watch_way(const char* path)
{
    tells_everything_ = false;
    marked_ = 0;
    contents_ = -1;
    is_half_told_ = false;
    if (auto opened = open(); !opened) return opened;
    tells_everything_ = true;
    for (Path way{path}; !way.view().empty();) {
        const Split parts = split(way.view());
        mark(parts.holder.c_str(), parts.name.c_str());
        Path full = parts.holder;
        full.append("/").append(parts.name.view());
        way = target_of(full.c_str(), parts.holder);
        if (full.was_cut() || way.was_cut() || marked_ == longest_way) tells_everything_ = false;
        if (!tells_everything_) break;
    }
    return success();
}

void WatchedPath::mark(const char* holder, const char* name)
{
    auto number = add(holder, Watch::What::Names);
    tells_everything_ =
        tells_everything_ && number && sees_every_change_in(holder) && !leads_through_symlink(Path{holder});
    if (number) marks_[marked_++] = {*number, hash_of(name)};
}

Outcome WatchedPath::watch_contents()
{
    auto number = add(".", Watch::What::NamesAndAttributes);
    tells_everything_ = tells_everything_ && number && sees_every_change_in(".");
    if (!number) return number.error();
    contents_ = *number;
    return success();
}

bool WatchedPath::is_on_the_way(int watch, const char* name) const
{
    const std::uint32_t hash = hash_of(name);
    for (std::size_t at = 0; at < marked_; ++at) {
        if (marks_[at].watch == watch && marks_[at].name == hash) return true;
    }
    return false;
}

}  // namespace runsuite::runsvdir
