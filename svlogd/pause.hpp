// Before something that failed is tried again.
#pragma once

#include <algorithm>

#include "base/instant.hpp"

namespace runsuite::svlogd {

// The one after `last`, which is zero before the first.
inline Instant longer_pause(Instant last, Instant first, Instant longest)
{
    return last == Instant{0} ? first : std::min(2 * last, longest);
}

}  // namespace runsuite::svlogd
