#include "posix/clock.hpp"

#include <ctime>

namespace runsuite {

namespace {

std::chrono::nanoseconds read_clock(clockid_t clock)
{
    timespec now{};
    ::clock_gettime(clock, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

Instant monotonic_now()
{
    return read_clock(CLOCK_MONOTONIC);
}

std::chrono::nanoseconds boottime_now()
{
#ifdef CLOCK_BOOTTIME
    return read_clock(CLOCK_BOOTTIME);
#else
    return read_clock(CLOCK_MONOTONIC);
#endif
}

std::chrono::nanoseconds wall_now()
{
    return read_clock(CLOCK_REALTIME);
}

}  // namespace runsuite
