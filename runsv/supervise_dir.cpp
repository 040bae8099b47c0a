#include "runsv/supervise_dir.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <climits>

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
    if (::mkdirat(base.is_open() ? base.get() : AT_FDCWD, target, 0700) < 0) {
        return Error::last("create the target of symlink", symlink);
    }
    return success();
}

std::optional<std::string_view> text_of(const char* path, std::span<char> room)
{
    auto file = open_file(path, O_RDONLY, "open");
    if (!file) return std::nullopt;
    auto size = read_all(file->get(), room, "read");
    if (!size) return std::nullopt;
    return std::string_view{room.data(), *size};
}

bool is_same_file(const char* one, const char* other)
{
    struct stat about_one {};
    struct stat about_other {};
    return ::stat(one, &about_one) == 0 && ::stat(other, &about_other) == 0 &&
           about_one.st_ino == about_other.st_ino && about_one.st_dev == about_other.st_dev;
}

}  // namespace

Outcome SuperviseDir::open(const service_dir::Names& names, Lock how)
{
    names_ = &names;
    if (auto made = make_directory(); !made) return made;
    auto lock = lock_file(names.lock, how, "open", "lock");
    if (!lock) return Error{lock.error().doing, lock.error().code, names.lock};
    lock_ = std::move(*lock);
    if (auto made = make_fifo(names.control, "create fifo"); !made) {
        return Error{"create fifo", made.error().code, names.control};
    }
    return success();
}

Outcome SuperviseDir::make_directory() const
{
    if (::mkdir(names_->supervise, 0700) == 0) return success();
    const Error why = Error::last("create directory", names_->supervise);
    if (why.code != EEXIST) return is_directory(names_->supervise) ? success() : why;
    if (is_directory(names_->supervise)) return success();
    struct stat about {};
    if (::lstat(names_->supervise, &about) == 0 && S_ISLNK(about.st_mode) && !exists(names_->supervise)) {
        return make_target_of(names_->supervise);
    }
    return Error{"open", ENOTDIR, names_->supervise};
}

std::optional<StatusRecord> SuperviseDir::last_record()
{
    std::array<char, StatusRecord::size + 1> bytes;
    const auto text = text_of(names_->status, bytes);
    if (!text) return std::nullopt;
    const auto record = StatusRecord::decode({reinterpret_cast<const unsigned char*>(text->data()), text->size()});
    is_garbage_ = !record;
    return record ? record : record_of_texts();
}

[[gnu::noinline]] std::optional<StatusRecord> SuperviseDir::record_of_texts() const
{
    std::array<char, 16> pid;
    std::array<char, 64> stat;
    const auto pid_text = text_of(names_->pid, pid);
    const auto stat_text = text_of(names_->stat, stat);
    if (!pid_text || !stat_text) return std::nullopt;
    auto record = StatusRecord::parse(*pid_text, *stat_text);
    struct stat about {};
    if (!record || ::stat(names_->pid, &about) < 0) return std::nullopt;
    const std::chrono::seconds seconds(about.st_mtim.tv_sec);
    record->since = Tai64n::from_unix(seconds + std::chrono::nanoseconds(about.st_mtim.tv_nsec));
    return record;
}

Outcome SuperviseDir::publish(const StatusRecord& record)
{
    if (published_ != record || is_garbage_) {
        if (auto written = write_record(record); !written) return written;
        published_ = record;
        is_garbage_ = false;
    }
    if (has_ok_) return success();
    auto made = make_ok();
    has_ok_ = bool(made);
    return made;
}

Outcome SuperviseDir::write_record(const StatusRecord& record) const
{
    const bool is_new_state = !published_ || published_->since != record.since || published_->pid != record.pid ||
                              published_->state != record.state;
    // The time of the first two files is taken for the start of the state.
    Outcome written = success();
    if (is_new_state) written = write_pid(record);
    if (written) written = replace_file(names_->stat, names_->stat_scratch, stat_text(record).view(), "write");
    if (written) written = replace_file(names_->status, names_->status_scratch, as_text(record.encode()), "write");
    return written;
}

// Where there was a process and there is none, the file is emptied, which needs no room on the disk.
Outcome SuperviseDir::write_pid(const StatusRecord& record) const
{
    if (record.pid == 0 && published_ && published_->pid != 0) {
        auto file = open_plain_file_at(AT_FDCWD, names_->pid, O_WRONLY, "write");
        if (file && ::ftruncate(file->get(), 0) == 0) return success();
    }
    return replace_file(names_->pid, names_->pid_scratch, pid_text(record).view(), "write");
}

Outcome SuperviseDir::open_control()
{
    auto control = open_both_ends(names_->control, "open");
    if (!control) return Error{"open", control.error().code, names_->control};
    control_ = std::move(*control);
    return success();
}

// `ok` tells a live runsv from a dead one by having a reader. As a second name of `control` it has one exactly as long
// as runsv holds that open, and costs no descriptor.
Outcome SuperviseDir::make_ok()
{
    if (::link(names_->control, names_->ok) == 0) return success();
    if (errno == EEXIST && is_same_file(names_->control, names_->ok)) return success();
    ::unlink(names_->ok_scratch);
    if (::link(names_->control, names_->ok_scratch) == 0) return name_ok();
    return make_fifo_ok();
}

// A file system without hard links gets a fifo of its own.
Outcome SuperviseDir::make_fifo_ok()
{
    if (::mkfifo(names_->ok_scratch, 0600) < 0) return Error::last("create fifo", names_->ok);
    if (auto named = name_ok(); !named) return named;
    auto ok = open_both_ends(names_->ok, "open");
    if (!ok) return Error{"open", ok.error().code, names_->ok};
    ok_ = std::move(*ok);
    return success();
}

Outcome SuperviseDir::name_ok() const
{
    if (::rename(names_->ok_scratch, names_->ok) < 0) return Error::last("create fifo", names_->ok);
    return success();
}

std::optional<char> SuperviseDir::read_control() const
{
    char byte = 0;
    if (::read(control_.get(), &byte, 1) != 1) return std::nullopt;
    return byte;
}

}  // namespace runsuite::runsv
