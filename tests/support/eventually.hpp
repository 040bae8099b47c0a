// The one way a test waits: until a claim holds, or its deadline is over.
#pragma once

#include <poll.h>

#include <chrono>

namespace support {

inline constexpr std::chrono::milliseconds patience{30000};

template <typename Claim>
bool eventually(Claim claim, std::chrono::milliseconds limit = patience)
{
    const auto end = std::chrono::steady_clock::now() + limit;
    for (;;) {
        if (claim()) return true;
        if (std::chrono::steady_clock::now() >= end) return false;
        ::poll(nullptr, 0, 1);
    }
}

// For "nothing happens": the claim holds now and at every look until `span` is over.
template <typename Claim>
bool always(Claim claim, std::chrono::milliseconds span)
{
    return !eventually([&] { return !claim(); }, span);
}

}  // namespace support
