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
constexpr const char* open_current = "open current:";

void tell(bool verbose, const char* what, const LogDirectory& directory)
{
    if (!verbose) return;
    report::inform(report::Line{"info: "}.append(what).append(full_name(directory, current).view()).view());
}

[[gnu::cold, gnu::noinline]] void tell_strange(const LogDirectory& directory, int code)
{
    report::Line line{"current is no plain file of its own, it is put aside: "};
    report::append_name(line, full_name(directory, current).view());
    report::warn(line.append(": ").append(report::reason(code)).view());
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
    auto file = open_complete(directory, verbose);
    if (!file) return file.error();
    const bool is_new = !file->is_open();
    if (is_new) {
        constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND;
        file = directory.open_plain(current, flags, open_current, 0600);
        if (!file) return file.error();
        size_ = 0;
        at_line_start_ = true;
    }
    file_ = std::move(*file);
    if (auto prepared = prepare(directory); !prepared) {
        file_.close();
        return prepared;
    }
    tell(verbose, is_new ? "new: " : "append: ", directory);
    return success();
}

// Not open: there is none, or no more.
Result<UniqueFd> LogWriter::open_complete(const LogDirectory& directory, bool verbose)
{
    auto file = directory.open_plain(current, O_WRONLY | O_APPEND, open_current);
    const int code = file ? 0 : file.error().code;
    if (code == ENOENT) return UniqueFd{};
    const bool is_in_the_way = is_strange(code) && code != EISDIR;
    if (code != 0 && !is_in_the_way) return file;
    struct stat about {};
    if (!is_in_the_way && ::fstat(file->get(), &about) < 0) return Error::last("stat current:");
    size_ = static_cast<std::uint64_t>(about.st_size);
    const bool is_crashed = about.st_size > 0 && (about.st_mode & S_IXUSR) == 0;
    if (!is_in_the_way && !is_crashed) return file;
    if (is_in_the_way) tell_strange(directory, code);
    if (auto aside = put_aside(directory, is_crashed ? Kind::Unprocessed : Kind::Complete, verbose); !aside)
        return aside.error();
    return UniqueFd{};
}

Outcome LogWriter::prepare(const LogDirectory& directory) const
{
    if (kind_.has_owner() && ::fchown(file_.get(), kind_.user, kind_.group) < 0) {
        report::warn(Error::last("set owner of current:"), directory.path());
    }
    if (::fchmod(file_.get(), kind_.mode) < 0) return Error::last("set mode of current:");
    return success();
}

void LogWriter::give_to(const LogDirectory& directory, const NewFile& kind)
{
    kind_ = kind;
    if (!file_.is_open()) return;
    if (auto prepared = prepare(directory); !prepared) report::warn(prepared.error(), directory.path());
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

void LogWriter::sync(const LogDirectory& directory) const
{
    // A file system that cannot do it has nothing to wait for.
    if (::fsync(file_.get()) < 0 && errno != EINVAL && errno != EROFS) {
        report::warn(Error::last("fsync current logfile:"), directory.path());
    }
}

void LogWriter::close(const LogDirectory& directory, bool verbose)
{
    if (!file_.is_open()) return;
    if (verbose) report::inform(report::Line{"info: close: "}.append(directory.path()).view());
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
