// The two clocks: monotonic for every delay, wall only for stamps.
#pragma once

#include <chrono>

#include "base/instant.hpp"

namespace runsuite {

Instant monotonic_now();
std::chrono::nanoseconds boottime_now();  // monotonic, and goes on while the machine sleeps
std::chrono::nanoseconds wall_now();      // since 1970-01-01 00:00 UTC

}  // namespace runsuite
