// A moment of the monotonic clock. The pure rules compute with it; only lib/posix/clock.hpp reads one.
#pragma once

#include <chrono>

namespace runsuite {

using Instant = std::chrono::nanoseconds;

// "No deadline": later than every moment a clock can show.
inline constexpr Instant never = Instant::max();

}  // namespace runsuite
