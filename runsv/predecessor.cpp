#include "runsv/predecessor.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "posix/clock.hpp"
#include "posix/process.hpp"

namespace runsuite::runsv {

namespace {

using namespace std::chrono_literals;

// Between the start of a process and the writing of its number; a busy machine takes its time.
constexpr std::chrono::nanoseconds tolerance = 1s;

// A file's time is a clock tick behind at most, and so is that of a process's start.
constexpr std::chrono::nanoseconds two_ticks = 20ms;

std::optional<std::chrono::nanoseconds> time_of(const char* file)
{
    struct stat about {};
    if (::stat(file, &about) < 0) return std::nullopt;
    return std::chrono::seconds(about.st_mtim.tv_sec) + std::chrono::nanoseconds(about.st_mtim.tv_nsec);
}

// Whether another runsv has it: one that was left has nobody above it but those who adopt orphans. In a container that is
// started anew every number has been somebody's a moment ago.
bool is_supervised(ProcessRecord record)
{
    if (record.name.view() == "runsvdir") return true;  // which is about to become a runsv
    const pid_t own_parent = ::getppid();
    for (;;) {
        if (record.name.view() == "runsv") return true;
        if (record.parent <= 1 || record.parent == own_parent) return false;
        const auto above = record_of_process(record.parent);
        if (!above) return false;
        record = *above;
    }
}

}  // namespace

std::optional<LeftRunning> find_left_running(const StatusRecord& last, const char* pid_file)
{
    if (last.pid == 0 || last.state == ServiceState::Down) return std::nullopt;
    LeftRunning left;
    left.pid = static_cast<int>(last.pid);
    left.finishing = last.state == ServiceState::Finish;
    left.since = last.since;
    auto watch = watch_process(left.pid);
    if (!watch) return std::nullopt;
    left.watch = std::move(*watch);
    const auto record = record_of_process(left.pid);
    const auto noted = time_of(pid_file);
    if (!record || !noted || is_supervised(*record)) return std::nullopt;
    const auto boot = wall_now() - boottime_now();
    if (std::chrono::abs(boot + record->started - *noted) > tolerance) return std::nullopt;
    // A container that is started again within a second has processes of the same numbers, about as old.
    const auto first = record_of_process(1);
    if (first && boot + first->started > *noted + two_ticks) return std::nullopt;
    return left;
}

}  // namespace runsuite::runsv
