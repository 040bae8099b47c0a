#include "runsv/predecessor.hpp"

#include <sys/stat.h>

#include "posix/clock.hpp"
#include "posix/process.hpp"

namespace runsuite::runsv {

namespace {

using namespace std::chrono_literals;

// Between the start of a process and the writing of its number; a busy machine takes its time.
constexpr std::chrono::nanoseconds tolerance = 1s;

std::optional<std::chrono::nanoseconds> time_of(const char* file)
{
    struct stat about {};
    if (::stat(file, &about) < 0) return std::nullopt;
    return std::chrono::seconds(about.st_mtim.tv_sec) + std::chrono::nanoseconds(about.st_mtim.tv_nsec);
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
    const auto started = start_of_process(left.pid);
    const auto noted = time_of(pid_file);
    if (!started || !noted) return std::nullopt;
    const auto boot = wall_now() - boottime_now();
    if (std::chrono::abs(boot + *started - *noted) > tolerance) return std::nullopt;
    return left;
}

}  // namespace runsuite::runsv
