// How often to speak of a service that ends and ends, so that a crash loop does not fill a log: of the first end, and then
// of the 10th, the 100th and so on in a row. A run of a minute ends the row, and if ends were passed over it is told.
#pragma once

#include "base/instant.hpp"

namespace runsuite::runsv {

inline constexpr Instant stable_run = std::chrono::minutes(1);

struct EndCount {
    unsigned in_a_row = 0;
    unsigned told = 0;  // of these, up to which one

    bool operator==(const EndCount&) const = default;
};

// After the end of a run that lasted so long. It is to be told when `told` equals `in_a_row` then.
EndCount after_end(EndCount count, Instant ran);

// When a run that was started then has to be told as stable; never, when nothing was passed over.
Instant stable_at(const EndCount& count, Instant started);

}  // namespace runsuite::runsv
