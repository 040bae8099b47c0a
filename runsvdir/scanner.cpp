#include "runsvdir/scanner.hpp"

#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "base/fixed_string.hpp"
#include "model/tai64n.hpp"
#include "posix/clock.hpp"
#include "posix/file.hpp"

namespace runsuite::runsvdir {

namespace {

constexpr const char* forced_rescan = ".forced-rescan";

#ifdef O_PATH
constexpr int only_to_return = O_PATH | O_DIRECTORY;  // needs no right to read it
#else
constexpr int only_to_return = O_RDONLY | O_DIRECTORY;
#endif

std::chrono::nanoseconds modified(const struct stat& about)
{
    return std::chrono::seconds(about.st_mtim.tv_sec) + std::chrono::nanoseconds(about.st_mtim.tv_nsec);
}

// The name itself is gone since it was listed; a symlink that leads nowhere is still there.
bool has_vanished(const char* name)
{
    struct stat about {};
    return ::lstat(name, &about) < 0 && errno == ENOENT;
}

}  // namespace

Outcome Scanner::open(const char* path, bool by_signal)
{
    path_ = path;
    if (by_signal) watched_.ask_for_signals();
    auto start = open_file(".", only_to_return, "open current directory");
    if (!start) return start.error();
    start_ = std::move(*start);
    return success();
}

Result<Scanner::Stamp> Scanner::stamp_now() const
{
    struct stat about {};
    if (::fstatat(start_.get(), path_, &about, 0) < 0) return Error::last("stat");
    Stamp stamp{{about.st_dev, about.st_ino}, modified(about)};
    FixedString<1023> file{path_};
    file.append("/").append(forced_rescan);
    if (!file.was_cut() && ::fstatat(start_.get(), file.c_str(), &about, 0) == 0) stamp.forced = modified(about);
    return stamp;
}

void Scanner::watch_way()
{
    auto watched = watched_.watch_way(path_);
    watch_failure_ = watched ? Error{} : watched.error();
}

// Where the path leads to now. The way is watched before it is walked, so that no change falls between.
Outcome Scanner::look_up()
{
    const bool was_watched = is_watched_;
    if (!was_watched) watch_way();
    auto stamp = stamp_now();
    if (was_watched && (!stamp || !(stamp->id == stamp_.id))) {
        is_watched_ = false;
        watch_way();
        stamp = stamp_now();
    }
    if (!stamp) return stamp.error();
    stamp_ = *stamp;
    return success();
}

// Into the services directory, which is watched before it is read.
Outcome Scanner::enter()
{
    is_in_place_ = false;
    if (::fchdir(start_.get()) < 0) return Error::last("return to the starting directory for");
    if (auto found = look_up(); !found) return found;
    if (::chdir(path_) < 0) return Error::last("change directory to");
    is_in_place_ = true;
    find_ways_back();
    if (is_watched_ || watch_failure_) return success();
    auto watched = watched_.watch_contents();
    is_watched_ = bool(watched);
    watch_failure_ = watched ? Error{} : watched.error();
    return success();
}

Outcome Scanner::begin()
{
    if (auto entered = enter(); !entered) return entered;
    auto listing = Directory::open(".", "open directory");
    if (!listing) return listing.error();
    listing_ = std::move(*listing);
    has_trouble_ = false;
    return success();
}

Result<Scanner::Entry> Scanner::next()
{
    for (;;) {
        auto name = listing_.next("read directory");
        if (!name) return name.error();
        if (*name == nullptr) return Entry{};
        if (**name == '.') continue;
        const Entry entry = look_at(*name);
        if (entry.is_directory || entry.leads_back) return entry;
        if (!is_trouble(entry)) continue;
        has_trouble_ = true;
        return entry;
    }
}

Scanner::Entry Scanner::look_at(const char* name) const
{
    Entry entry;
    entry.name = name;
    struct stat about {};
    if (::stat(name, &about) < 0) {
        entry.why = Error::last("stat");
        return entry;
    }
    entry.id = {about.st_dev, about.st_ino};
    entry.leads_back = std::find(ways_back_.begin(), ways_back_.end(), entry.id) != ways_back_.end();
    entry.is_directory = S_ISDIR(about.st_mode) && !entry.leads_back;
    return entry;
}

bool Scanner::is_trouble(const Entry& entry)
{
    return entry.why && !(entry.why.code == ENOENT && has_vanished(entry.name));
}

void Scanner::find_ways_back()
{
    ways_back_ = {};
    FixedString<128> path{"."};
    for (std::size_t at = 0; at < ways_back_.size(); ++at) {
        struct stat about {};
        if (::stat(path.c_str(), &about) < 0) return;
        ways_back_[at] = {about.st_dev, about.st_ino};
        if (at > 0 && ways_back_[at] == ways_back_[at - 1]) return;  // the root is its own parent
        path.append("/..");
    }
}

bool Scanner::takes_names() const
{
    return is_in_place_ && is_watched_ && !has_trouble_ && next_look_.at != Instant::zero();
}

// Whoever renames has the directory locked until both names are told of, and reading it waits for that.
bool Scanner::let_renames_end()
{
    auto listing = Directory::open(".", "open directory");
    return listing && listing->next("read directory");
}

bool Scanner::asks_for_scan(const char* name)
{
    return std::string_view(name) == forced_rescan;
}

void Scanner::finish(bool saw_everything, Instant now)
{
    listing_ = Directory{};
    if (!is_in_place_) is_watched_ = false;
    const bool try_to_watch = watch_failure_ && watch_failure_.code != ENOSYS;
    const bool is_told = is_watched_ && watched_.tells_everything();
    next_look_ = next_look({saw_everything && !try_to_watch, is_told, wall_now() - stamp_.modified}, now);
}

bool Scanner::is_due(Instant now)
{
    if (now < next_look_.at) return false;
    auto stamp = stamp_now();
    const bool is_unchanged = stamp && *stamp == stamp_;
    if (!is_unchanged || next_look_.scan_anyway) return true;
    next_look_.at = now + look_pause;
    return false;
}

Outcome Scanner::stamp_forced_rescan()
{
    unsigned char bytes[Tai64n::packed_size];
    Tai64n::from_unix(wall_now()).pack(bytes);
    FixedString<26> stamp{"@"};
    for (const unsigned char byte : bytes) {
        const char digits[] = {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
        stamp.append({digits, 2});
    }
    auto file = open_file(forced_rescan, O_WRONLY | O_CREAT | O_TRUNC, "write .forced-rescan", 0644);
    if (!file) return file.error();
    return write_all(file->get(), stamp.view(), "write .forced-rescan");
}

}  // namespace runsuite::runsvdir
