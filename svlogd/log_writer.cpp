#include "svlogd/log_writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/report.hpp"
#include "posix/clock.hpp"
#include "posix/file.hpp"

namespace runsuite::svlogd {

namespace {

constexpr const char* current = "current";

void tell(bool verbose, const char* what, const LogDirectory& directory)
{
    if (!verbose) return;
    report::inform(report::Line{"info: "}.append(what).append(full_name(directory, current).view()).view());
}

void tell_rename(const LogDirectory& directory, const OldName& name, std::uint64_t size)
{
    report::Line line{"info: rename: "};
    line.append(full_name(directory, current).view()).append(" ").append(name.view()).append(" ");
    report::inform(line.append_number(size).view());
}

bool is_taken(const LogDirectory& directory, const Tai64n& moment)
{
    struct stat about {};
    for (const Kind kind : {Kind::Complete, Kind::Unprocessed, Kind::Scratch}) {
        const OldName name = old_name(moment, kind);
        if (::fstatat(directory.fd(), name.c_str(), &about, AT_SYMLINK_NOFOLLOW) == 0) return true;
    }
    return false;
}

// Starts the disk without waiting for it: the reader goes on.
void start_write_back(int fd)
{
#ifdef SYNC_FILE_RANGE_WRITE
    ::sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
#else
    (void)fd;
#endif
}

}  // namespace

Outcome LogWriter::open(const LogDirectory& directory, const NewFile& kind, bool verbose)
{
    kind_ = kind;
    if (latest_ == Tai64n{}) latest_ = directory.latest();
    struct stat about {};
    bool is_new = ::fstatat(directory.fd(), current, &about, 0) < 0;
    if (is_new && errno != ENOENT) return Error::last("stat current:");
    if (!is_new && about.st_size > 0 && (about.st_mode & S_IXUSR) == 0) {
        size_ = static_cast<std::uint64_t>(about.st_size);
        if (auto aside = put_aside(directory, Kind::Unprocessed, verbose); !aside) return aside;
        is_new = true;
    }
    auto file = open_file_at(directory.fd(), current, O_WRONLY | O_CREAT | O_APPEND, "open current:", 0600);
    if (!file) return file.error();
    const bool has_owner = kind.user != static_cast<uid_t>(-1) || kind.group != static_cast<gid_t>(-1);
    if (has_owner && ::fchown(file->get(), kind.user, kind.group) < 0) {
        report::warn(Error::last("set owner of current:"), directory.path());
    }
    if (::fchmod(file->get(), kind.mode) < 0) return Error::last("set mode of current:");
    file_ = std::move(*file);
    size_ = is_new ? 0 : static_cast<std::uint64_t>(about.st_size);
    if (is_new) at_line_start_ = true;
    tell(verbose, is_new ? "new: " : "append: ", directory);
    return success();
}

Written LogWriter::write(std::string_view bytes)
{
    Written written;
    while (written.count < bytes.size()) {
        const ssize_t count = ::write(file_.get(), bytes.data() + written.count, bytes.size() - written.count);
        if (count <= 0) {
            written.trouble = {"write to current:", count < 0 ? errno : ENOSPC};
            break;
        }
        written.count += static_cast<std::size_t>(count);
    }
    size_ += written.count;
    if (written.count > 0) at_line_start_ = bytes[written.count - 1] == '\n';
    return written;
}

Outcome LogWriter::mark_complete() const
{
    if (::fchmod(file_.get(), kind_.mode | S_IXUSR) < 0) return Error::last("set mode of current:");
    return success();
}

Outcome LogWriter::put_aside(const LogDirectory& directory, Kind kind, bool verbose)
{
    Tai64n moment = next_moment(Tai64n::from_unix(wall_now()), latest_);
    while (is_taken(directory, moment)) moment = next_moment(Tai64n::from_unix(wall_now()), moment);
    const OldName name = old_name(moment, kind);
    if (::renameat(directory.fd(), current, directory.fd(), name.c_str()) < 0)
        return Error::last("rename current:");
    latest_ = moment;
    if (verbose) tell_rename(directory, name, size_);
    return success();
}

Outcome LogWriter::rotate(const LogDirectory& directory, Kind kind, bool verbose)
{
    if (file_.is_open()) {
        start_write_back(file_.get());
        if (auto marked = mark_complete(); !marked) return marked;
        auto aside = put_aside(directory, kind, verbose);
        // Somebody took the file away. It cannot be named again, but the log goes on.
        if (!aside && aside.error().code != ENOENT) return aside;
        if (!aside) report::warn(aside.error(), directory.path());
        file_.close();
    }
    return open(directory, kind_, false);
}

void LogWriter::close(const LogDirectory& directory, bool verbose)
{
    if (!file_.is_open()) return;
    if (verbose) report::inform(report::Line{"info: close: "}.append(directory.path()).view());
    // A file system that cannot do it has nothing to wait for.
    if (::fsync(file_.get()) < 0 && errno != EINVAL && errno != EROFS) {
        report::warn(Error::last("fsync current logfile:"), directory.path());
    }
    if (auto marked = mark_complete(); !marked) report::warn(marked.error(), directory.path());
    leave();
}

void LogWriter::leave()
{
    file_.close();
    size_ = 0;
    latest_ = {};  // the next directory may be another one
}

}  // namespace runsuite::svlogd
