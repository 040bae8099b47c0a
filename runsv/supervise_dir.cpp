#include "runsv/supervise_dir.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <climits>

#include "app/lock_file.hpp"
#include "app/state_dir.hpp"
#include "posix/fifo.hpp"

namespace runsuite::runsv {

namespace {

std::string_view as_text(const StatusRecord::Bytes& bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// On a stack page of its own: the few services whose supervise is a symlink to nothing pay for it.
[[gnu::noinline]] Outcome make_target_of(const char* symlink)
{
    char target[PATH_MAX];
    const ssize_t size = ::readlink(symlink, target, sizeof target);
    if (size < 0) return Error::last("read symlink", symlink);
    if (size == sizeof target) return Error{"read symlink", ENAMETOOLONG, symlink};
    target[size] = '\0';

    // The target of log/supervise is relative to log.
    UniqueFd base;
    FixedString<32> directory{symlink};
    if (const auto slash = directory.view().rfind('/'); slash != std::string_view::npos) {
        const FixedString<32> parent{directory.view().substr(0, slash)};
        auto opened = open_file(parent.c_str(), O_RDONLY | O_DIRECTORY, "open");
        if (!opened) return Error{"open", opened.error().code, symlink};
        base = std::move(*opened);
    }
    constexpr const char* doing = "create the target of symlink";
    const auto made = make_directories_at(base.is_open() ? base.get() : AT_FDCWD, target, doing);
    return made ? success() : Outcome(Error{doing, made.error().code, symlink});
}

// A file system that is read-only, or a directory of another user.
bool is_unwritable(int code)
{
    return code == EROFS || code == EACCES || code == EPERM;
}

std::optional<StatusRecord> read_status(const char* path)
{
    std::array<unsigned char, StatusRecord::size + 1> bytes;
    auto file = open_file(path, O_RDONLY | O_NOFOLLOW, "open");
    if (!file) return std::nullopt;
    auto size = read_all(file->get(), {reinterpret_cast<char*>(bytes.data()), bytes.size()}, "read");
    return size ? StatusRecord::decode(std::span(bytes).first(*size)) : std::nullopt;
}

bool holds(const char* path, std::string_view text)
{
    std::array<char, 16> bytes;
    auto file = open_file(path, O_RDONLY | O_NOFOLLOW, "open");
    if (!file) return false;
    const auto size = read_all(file->get(), bytes, "read");
    return size && std::string_view(bytes.data(), *size) == text;
}

}  // namespace

Outcome SuperviseDir::open(std::string_view service, const service_dir::Names& names, Lock how)
{
    names_ = &names;
    auto made = make_directory();
    if (made) made = claim(how);
    if (made || !is_unwritable(made.error().code)) return made;
    const auto* const elsewhere = state_dir::names(service, names);
    return elsewhere != nullptr ? claim_elsewhere(*elsewhere, how) : made;
}

[[gnu::noinline]] Outcome SuperviseDir::claim_elsewhere(const service_dir::Names& names, Lock how)
{
    names_ = &names;
    if (auto made = state_dir::make(names.supervise); !made) return made;
    return claim(how);
}

Outcome SuperviseDir::claim(Lock how)
{
    const auto& names = *names_;
    auto lock = hold_lock_file(names.lock, how);
    if (!lock) return lock.error();
    lock_ = std::move(*lock);
    if (auto made = make_fifo(names.control, Whose::Any, "create fifo"); !made) {
        return Error{"create fifo", made.error().code, names.control};
    }
    return success();
}

Outcome SuperviseDir::make_directory()
{
    if (::mkdir(names_->supervise, 0700) == 0) {
        is_new_ = true;
        return success();
    }
    const Error why = Error::last("create directory", names_->supervise);
    if (why.code != EEXIST) return is_directory(names_->supervise) ? success() : why;
    if (is_directory(names_->supervise)) return success();
    struct stat about {};
    if (::lstat(names_->supervise, &about) == 0 && S_ISLNK(about.st_mode) && !exists(names_->supervise)) {
        return make_target_of(names_->supervise);
    }
    return Error{"open", ENOTDIR, names_->supervise};
}

void SuperviseDir::resume(const Service& service)
{
    const StatusRecord record = record_of(service);
    const auto last = read_status(names_->status);
    if (last && last->since == record.since && last->pid == record.pid) published_ = *last;
    else keeps_pid_ = record.pid != 0 && holds(names_->pid, pid_text(record).view());
}

Outcome SuperviseDir::publish(const Service& service)
{
    const auto recorded = record_.publish(service);
    const auto published = publish_status(record_of(service));
    if (!published) return published;
    return recorded ? success() : Outcome(Error{"write", recorded.error().code, names_->lock});
}

Outcome SuperviseDir::publish_status(const StatusRecord& record)
{
    if (published_ != record) {
        if (auto written = write_status(record); !written) return written;
        published_ = record;
    }
    return ok_.is_open() ? success() : open_ok();
}

Outcome SuperviseDir::write_status(const StatusRecord& record)
{
    const bool is_new_state = !published_ || published_->since != record.since || published_->pid != record.pid ||
                              published_->state != record.state;
    // The time of the first two files is taken for the start of the state.
    Outcome written = success();
    if (is_new_state && !std::exchange(keeps_pid_, false)) written = write_pid(record);
    if (written) written = replace(names_->stat, names_->stat_scratch, stat_text(record).view());
    if (written) written = replace(names_->status, names_->status_scratch, as_text(record.encode()));
    if (written) is_new_ = false;
    return written;
}

// Where there was a process and there is none, the file is emptied, which needs no room on the disk.
Outcome SuperviseDir::write_pid(const StatusRecord& record) const
{
    if (record.pid == 0 && published_ && published_->pid != 0) {
        auto file = open_plain_file_at(AT_FDCWD, names_->pid, O_WRONLY, "write");
        if (file && ::ftruncate(file->get(), 0) == 0) return success();
    }
    return replace(names_->pid, names_->pid_scratch, pid_text(record).view());
}

Outcome SuperviseDir::replace(const char* path, const char* scratch, std::string_view bytes) const
{
    return is_new_ ? new_file(path, bytes, "write") : replace_file(path, scratch, bytes, "write");
}

Outcome SuperviseDir::open_control()
{
    auto control = open_fifo(names_->control, O_RDWR, "open");
    if (!control) return Error{"open", control.error().code, names_->control};
    control_ = std::move(*control);
    return success();
}

// `ok` tells a live runsv from a dead one by having a reader. Whoever may open it may ask, and no more.
Outcome SuperviseDir::open_ok()
{
    auto made = make_fifo(names_->ok, Whose::Any, "create fifo");
    if (!made && made.error().code == EEXIST && ::unlink(names_->ok) == 0) {
        made = make_fifo(names_->ok, Whose::Any, "create fifo");
    }
    if (!made) {
        return Error{"create fifo", made.error().code, names_->ok};
    }
    auto ok = open_fifo(names_->ok, O_RDONLY, "open");
    if (!ok) return Error{"open", ok.error().code, names_->ok};
    ok_ = std::move(*ok);
    return success();
}

std::optional<char> SuperviseDir::read_control() const
{
    char byte = 0;
    if (::read(control_.get(), &byte, 1) != 1) return std::nullopt;
    return byte;
}

}  // namespace runsuite::runsv
