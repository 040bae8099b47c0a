#include "app/lock_file.hpp"

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "app/service_dir.hpp"
#include "app/state_dir.hpp"
#include "posix/process.hpp"

namespace runsuite {

namespace {

bool is_believed(int file)
{
    struct stat about {};
    if (::fstat(file, &about) < 0 || !S_ISREG(about.st_mode) || about.st_nlink != 1) return false;
    return (about.st_uid == ::geteuid() || about.st_uid == 0) && (about.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

bool is_locked(int file, Lock how)
{
    return ::flock(file, LOCK_EX | (how == Lock::Try ? LOCK_NB : 0)) == 0;
}

}  // namespace

Result<UniqueFd> hold_lock_file(const char* path, Lock how)
{
    auto file = open_file(path, O_RDWR | O_CREAT | O_NOFOLLOW, "open", 0600);
    if (!file) return Error{"open", file.error().code, path};
    if (!is_locked(file->get(), how)) return Error::last("lock", path);
    if (is_believed(file->get())) return file;
    // Locked in its turn before the old one is given up: no other runsv comes in between.
    auto fresh = create_file_at(AT_FDCWD, path, "replace", 0600);
    if (!fresh) return Error{"replace", fresh.error().code, path};
    if (!is_locked(fresh->get(), Lock::Try)) return Error::last("lock", path);
    return fresh;
}

std::optional<LockRecord> read_lock_record(int lock)
{
    std::array<char, sizeof(LockRecord) + 1> bytes;
    const ssize_t size = ::pread(lock, bytes.data(), bytes.size(), 0);
    return size > 0 ? LockRecord::decode({bytes.data(), static_cast<std::size_t>(size)}) : std::nullopt;
}

Outcome write_lock_record(int lock, const LockRecord& record)
{
    const auto bytes = record.bytes();
    const ssize_t written = ::pwrite(lock, bytes.data(), bytes.size(), 0);
    if (written < 0) return Error::last("write");
    return static_cast<std::size_t>(written) == bytes.size() ? success() : Outcome(Error{"write", ENOSPC});
}

Result<UniqueFd> find_runsv(const char* service, const ProcessSpace& here, pid_t& pid)
{
    constexpr const char* doing = "look for a runsv";
    constexpr const char* lock = service_dir::of_service.lock;
    state_dir::Path path{service};
    if (state_dir::is_used_for(service, lock)) path = state_dir::path_of(service, lock);
    else path.append("/").append(lock);
    auto file = open_file(path.c_str(), O_RDONLY | O_NOFOLLOW, doing);
    if (!file)
        return file.error().code == ENOENT || file.error().code == ENOTDIR ? Error{doing, ESRCH} : file.error();
    const auto record = is_believed(file->get()) ? read_lock_record(file->get()) : std::nullopt;
    struct stat about {};
    if (!record || record->space != here || !here.is_known() || ::stat(service, &about) < 0)
        return Error{doing, ESRCH};
    if (record->device != about.st_dev || record->inode != about.st_ino) return Error{doing, ESRCH};
    pid = record->runsv.pid;
    return find_process(record->runsv);
}

}  // namespace runsuite
