// Bytes that come in many small writes, one right after the other, are left to gather in the pipe for a moment: to take
// each of them at once would keep their writer busy with waking us and with waiting for the pipe.
//
// A line that comes alone is never kept waiting, nor is one of a few that come together.
#pragma once

#include <cstddef>

#include "base/instant.hpp"

namespace runsuite::svlogd {

class Pace {
public:
    static constexpr Instant gathering = std::chrono::microseconds{50};

    // `count` bytes were read at `now`. Whether the next ones are to gather.
    bool lets_gather(Instant now, std::size_t count)
    {
        const bool is_soon = now - last_ < soon;
        last_ = now;
        if (quick_ == enough) {
            if (count < small || count >= large)
                quick_ = 0;  // few come after all, or the pipe is about to be full
        } else {
            quick_ = is_soon && count < small ? quick_ + 1 : 0;
        }
        return quick_ == enough;
    }

private:
    static constexpr Instant soon = std::chrono::microseconds{20};
    static constexpr std::size_t small = 4UL * 1024;
    static constexpr std::size_t large = 128UL * 1024;
    static constexpr int enough = 16;  // quick reads of little one after the other

    Instant last_{0};
    int quick_ = 0;
};

}  // namespace runsuite::svlogd
