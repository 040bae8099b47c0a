#include "svlogd/log_directory.hpp"
#include "svlogd/text.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "app/report.hpp"
#include "posix/file.hpp"

namespace runsuite::svlogd {

Result<LogDirectory> LogDirectory::open(const char* path, bool create)
{
    if (create && ::mkdir(path, 0755) < 0 && errno != EEXIST) return Error::last("create log directory:");
    LogDirectory directory;
    directory.path_ = path;
    auto opened = open_file(path, O_RDONLY | O_DIRECTORY, "open log directory:");
    if (!opened) return opened.error();
    directory.fd_ = std::move(*opened);
    struct stat about {};
    if (::fstat(directory.fd(), &about) < 0) return Error::last("open log directory:");
    const bool is_ours = about.st_uid == ::geteuid() || about.st_uid == 0;
    directory.is_private_ = is_ours && (about.st_mode & (S_IWGRP | S_IWOTH)) == 0;
    auto lock = directory.open_plain("lock", O_WRONLY | O_CREAT | O_APPEND, "open lock of directory:", 0600);
    if (!lock && is_strange(lock.error().code))
        return Error{"use log directory, its file lock is a link or no file, remove it:", lock.error().code};
    if (!lock) return lock.error();
    if (::flock(lock->get(), LOCK_EX | LOCK_NB) < 0) return Error::last("lock directory:");
    directory.lock_ = std::move(*lock);
    return directory;
}

Result<UniqueFd> LogDirectory::open_plain(const char* name, int flags, const char* doing, mode_t mode) const
{
    auto file = open_plain_file_at(fd(), name, flags, doing, mode);
    const bool has_second_name = !file && file.error().code == EMLINK;
    if (has_second_name && is_private_) return open_file_at(fd(), name, flags | O_NOFOLLOW, doing, mode);
    return file;
}

bool is_strange(int code)
{
    return code == ELOOP || code == EMLINK || code == ENXIO || code == EISDIR;
}

bool LogDirectory::is_lost() const
{
    struct stat ours {};
    struct stat there {};
    if (::fstat(fd(), &ours) < 0) return true;
    if (::stat(path_, &there) < 0) return ours.st_nlink == 0;
    return there.st_dev != ours.st_dev || there.st_ino != ours.st_ino;
}

// A child that was just made, and has not come to closing what it inherited, would keep us from locking it again.
void LogDirectory::close()
{
    ::flock(lock_.get(), LOCK_UN);
    *this = {};
}

namespace {

// What getdents64(2) fills in.
struct Entry {
    std::uint64_t inode;
    std::int64_t offset;
    std::uint16_t size;
    std::uint8_t type;
    char name[1];
};

}  // namespace

// Not readdir(3), which allocates tens of kilobytes that a resident program would keep. A directory is no log file: it could
// not be removed, and would be in the way of those behind it.
template <typename Found>
void LogDirectory::each_old_name(Found found) const
{
    auto again = open_file_at(fd(), ".", O_RDONLY | O_DIRECTORY, "open directory:");
    if (!again) return report::warn(again.error(), path_);
    for (;;) {
        alignas(Entry) char entries[1024];  // more of the stack would be a page more
        const long size = ::syscall(SYS_getdents64, again->get(), entries, sizeof entries);
        if (size < 0) return report::warn(Error::last("read directory:"), path_);
        if (size == 0) return;
        for (long at = 0; at < size;) {
            const auto* const entry = reinterpret_cast<const Entry*>(entries + at);
            if (entry->type != DT_DIR && is_old_name(entry->name)) found(OldName{entry->name});
            at += entry->size;
        }
    }
}

Tai64n LogDirectory::latest() const
{
    Tai64n latest;
    each_old_name([&](const OldName& name) {
        if (const auto moment = moment_of(name.view())) latest = std::max(latest, *moment);
    });
    return latest;
}

LogDirectory::Waiting LogDirectory::waiting() const
{
    Waiting waiting;
    each_old_name([&](const OldName& name) {
        if (!is_kind(name.view(), Kind::Unprocessed)) return;
        ++waiting.count;
        if (!waiting.oldest || name.view() < waiting.oldest->view()) waiting.oldest = name;
    });
    return waiting;
}

// Of all names seen, those that sort first: a heap with the last of them on top.
class LogDirectory::Oldest {
public:
    explicit Oldest(std::span<OldName> names) : names_(names) {}

    void add(const OldName& name)
    {
        if (size_ == names_.size()) {
            if (names_.empty() || !is_before(name, names_[0])) return;
            std::pop_heap(names_.begin(), end(), is_before);
            --size_;
        }
        names_[size_++] = name;
        std::push_heap(names_.begin(), end(), is_before);
    }
    void sort() { std::sort_heap(names_.begin(), end(), is_before); }

private:
    static bool is_before(const OldName& left, const OldName& right) { return left.view() < right.view(); }
    std::span<OldName>::iterator end() { return names_.begin() + static_cast<std::ptrdiff_t>(size_); }

    std::span<OldName> names_;
    std::size_t size_ = 0;
};

std::size_t LogDirectory::find_oldest(const PruneRule& rule, std::span<OldName> names) const
{
    Oldest oldest{names};
    std::size_t count = 0;
    std::size_t may_go = 0;
    each_old_name([&](const OldName& name) {
        const bool at_work = !rule.spared.empty() && first(name.view(), rule.spared.size()) == rule.spared;
        if (is_kind(name.view(), Kind::Scratch)) {
            if (!at_work) remove(name.view(), false);
            return;
        }
        ++count;
        if (at_work || (rule.spare_unprocessed && is_kind(name.view(), Kind::Unprocessed))) return;
        ++may_go;
        oldest.add(name);
    });
    oldest.sort();
    return rule.keep == 0 || count <= rule.keep ? 0 : std::min(count - rule.keep, may_go);
}

bool LogDirectory::remove(std::string_view name, bool tell) const
{
    const OldName text{name};
    const FullName full = full_name(*this, name);
    if (tell) report::inform(report::Line{"info: delete: "}.append(full.view()).view());
    if (::unlinkat(fd(), text.c_str(), 0) == 0 || errno == ENOENT) return true;
    report::warn(Error::last("unlink:"), full.view());
    return false;
}

FullName full_name(const LogDirectory& directory, std::string_view name)
{
    FullName full{directory.path()};
    full.append("/").append(name);
    return full;
}

}  // namespace runsuite::svlogd
