// When the services directory is looked at again if nothing tells of a change.
#pragma once

#include <chrono>

#include "base/instant.hpp"

namespace runsuite::runsvdir {

inline constexpr Instant look_pause = std::chrono::seconds(5);
inline constexpr Instant second_look_pause = std::chrono::seconds(1);
// Stamps of file systems are that coarse: a change soon after a scan may have left the stamp as the scan saw it.
inline constexpr Instant coarsest_stamp = std::chrono::seconds(2);

struct LastLook {
    bool saw_everything = false;
    bool is_told = false;                        // the kernel tells of every change from now on
    std::chrono::nanoseconds unchanged_since{};  // how old the stamp of the directory was
};

struct NextLook {
    Instant at = Instant::zero();
    bool scan_anyway = true;  // whether or not the stamp has changed by then

    bool operator==(const NextLook&) const = default;
};

constexpr NextLook next_look(const LastLook& last, Instant now)
{
    if (!last.saw_everything) return {now + look_pause, true};
    if (last.is_told) return {never, false};
    // A stamp from the future says nothing of the kind: the clock was set.
    const bool is_recent = last.unchanged_since < coarsest_stamp && last.unchanged_since > -coarsest_stamp;
    if (is_recent) return {now + second_look_pause, true};
    return {now + look_pause, false};
}

}  // namespace runsuite::runsvdir
