// How often to speak of a service that ends and ends, so that a crash loop does not fill a log: of the first end, and then
// of the 10th, the 100th and so on in a row. A run of a minute ends the row, and if ends were passed over it is told.
#pragma once

#include <cstdint>

#include "base/instant.hpp"

namespace runsuite::runsv {

inline constexpr Instant stable_run = std::chrono::minutes(1);

struct EndCount {
    unsigned in_a_row = 0;
    unsigned told = 0;  // of these, up to which one

    bool operator==(const EndCount&) const = default;
};

inline bool is_to_be_told(const EndCount& count)
{
    return count.told == count.in_a_row;
}

// What ends so often in a row does not work.
inline bool is_failing(const EndCount& count)
{
    return count.in_a_row >= 10;
}

// After the end of a run that lasted so long.
EndCount after_end(EndCount count, Instant ran);

// When a run that was started then has to be told as stable; never, when nothing was passed over.
Instant stable_at(const EndCount& count, Instant started);

// Attempts to start a program that failed in a row, all for one cause: another one is news.
struct StartFailures {
    std::uint32_t cause = 0;
    EndCount count;
};

StartFailures after_failure(StartFailures failures, std::uint32_t cause);

}  // namespace runsuite::runsv
