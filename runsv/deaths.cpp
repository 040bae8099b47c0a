#include "runsv/deaths.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include "app/report.hpp"
#include "app/service_dir.hpp"
#include "posix/clock.hpp"
#include "posix/file.hpp"

namespace runsuite::runsv {

namespace {

constexpr const char* writing = "write";

// Of a process that was taken over only the wall clock knows when it was started.
Instant ran_for(const Service& service, std::chrono::nanoseconds wall)
{
    if (service.started != Instant{}) return monotonic_now() - service.started;
    const std::chrono::seconds seconds(static_cast<std::int64_t>(service.since.seconds - Tai64n::unix_epoch));
    return wall - seconds - std::chrono::nanoseconds(service.since.nanoseconds);
}

DeathRecord record_of(const Service& service, int wait_status, bool asked)
{
    const auto wall = wall_now();
    DeathRecord record;
    record.at = Tai64n::from_unix(wall);
    record.end = ExitRecord::of(wait_status);
    record.core = record.end.how == ExitRecord::How::Killed && WCOREDUMP(wait_status);
    record.ran = std::chrono::duration_cast<std::chrono::milliseconds>(ran_for(service, wall));
    record.asked = asked;
    return record;
}

// A record at a time: a buffer for all would cost every runsv a page of stack.
unsigned char place_after_newest(int file)
{
    unsigned char place = 0;
    unsigned char next = 0;
    Tai64n newest;
    for (DeathRecord::Line line; place < DeathRecord::kept; ++place) {
        const ssize_t count = ::pread(file, line.data(), line.size(), static_cast<off_t>(place * line.size()));
        if (count <= 0) break;
        const auto record = DeathRecord::decode({line.data(), static_cast<std::size_t>(count)});
        if (!record || record->at < newest) continue;
        newest = record->at;
        next = static_cast<unsigned char>((place + 1) % DeathRecord::kept);
    }
    return next;
}

}  // namespace

// Apart from its caller, which has a page of stack to share with all that it calls.
[[gnu::noinline]] void Deaths::add(const char* path, const Service& service, int wait_status, bool asked)
{
    const auto written = write(path, record_of(service, wait_status, asked));
    if (!written && !failed_) report::warn(Error{writing, written.error().code, path});
    failed_ = !written;
}

Outcome Deaths::write(const char* path, const DeathRecord& record)
{
    auto file = open_plain_file_at(AT_FDCWD, path, O_RDWR | O_CREAT, writing, 0644);
    if (!file) return file.error();
    if (next_ == unknown) next_ = place_after_newest(file->get());
    const DeathRecord::Line line = record.encode();
    const ssize_t count = ::pwrite(file->get(), line.data(), line.size(), static_cast<off_t>(next_ * line.size()));
    if (count < 0) return Error::last(writing);
    if (static_cast<std::size_t>(count) < line.size()) return Error{writing, ENOSPC};
    next_ = static_cast<unsigned char>((next_ + 1) % DeathRecord::kept);
    return success();
}

}  // namespace runsuite::runsv
