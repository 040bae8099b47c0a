#include "svlogd/log_directory.hpp"
#include "svlogd/text.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "app/report.hpp"
#include "posix/file.hpp"

namespace runsuite::svlogd {

// The oldest files that may go, the oldest first, as many as are looked for at a time.
struct LogDirectory::Oldest {
    std::array<OldName, 16> names;
    std::size_t size = 0;
    unsigned count = 0;  // of all old files

    void add(const OldName& name)
    {
        auto* const end = names.data() + size;
        auto* const place =
            std::upper_bound(names.data(), end, name,
                             [](const OldName& left, const OldName& right) { return left.view() < right.view(); });
        if (place == names.data() + names.size()) return;
        if (size < names.size()) ++size;
        std::move_backward(place, names.data() + size - 1, names.data() + size);
        *place = name;
    }
};

Result<LogDirectory> LogDirectory::open(const char* path, bool create)
{
    if (create && ::mkdir(path, 0755) < 0 && errno != EEXIST) return Error::last("create log directory:");
    LogDirectory directory;
    directory.path_ = path;
    auto opened = open_file(path, O_RDONLY | O_DIRECTORY, "open log directory:");
    if (!opened) return opened.error();
    directory.fd_ = std::move(*opened);
    auto lock =
        open_file_at(directory.fd(), "lock", O_WRONLY | O_CREAT | O_APPEND, "open lock of directory:", 0600);
    if (!lock) return lock.error();
    if (::flock(lock->get(), LOCK_EX | LOCK_NB) < 0) return Error::last("lock directory:");
    directory.lock_ = std::move(*lock);
    return directory;
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

// Not readdir(3), which allocates tens of kilobytes that a resident program would keep.
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
            if (is_old_name(entry->name)) found(OldName{entry->name});
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

LogDirectory::Oldest LogDirectory::survey(const PruneRule& rule) const
{
    Oldest oldest;
    each_old_name([&](const OldName& name) {
        const bool at_work = !rule.spared.empty() && first(name.view(), rule.spared.size()) == rule.spared;
        if (is_kind(name.view(), Kind::Scratch)) {
            if (!at_work) remove(name.view(), false);
            return;
        }
        ++oldest.count;
        if (at_work || (rule.spare_unprocessed && is_kind(name.view(), Kind::Unprocessed))) return;
        oldest.add(name);
    });
    return oldest;
}

unsigned LogDirectory::prune(const PruneRule& rule) const
{
    unsigned removed = 0;
    for (;;) {
        const Oldest oldest = survey(rule);
        if (oldest.count <= rule.keep || rule.keep == 0) return removed;
        const std::size_t excess =
            std::min<std::size_t>({oldest.count - rule.keep, oldest.size, rule.most - removed});
        if (excess == 0) return removed;
        for (std::size_t index = 0; index < excess; ++index) {
            if (!remove(oldest.names[index].view(), rule.tell)) return removed;
            ++removed;
        }
    }
}

bool LogDirectory::remove(std::string_view name, bool tell) const
{
    const OldName text{name};
    const FullName full = full_name(*this, name);
    if (tell) report::inform(report::Line{"info: delete: "}.append(full.view()).view());
    if (::unlinkat(fd(), text.c_str(), 0) == 0) return true;
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
