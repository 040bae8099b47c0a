// What the system says about where and what we are.
#pragma once

#include <cstdint>

#include "base/fixed_string.hpp"

namespace runsuite::svlogd {

// How far the zone of TZ or /etc/localtime is ahead of UTC at `second` (since 1970), in seconds.
std::int32_t local_offset(std::int64_t second);

// The name of the service whose log this is, after the directory we run in, and that of the machine.
void name_service(FixedString<64>& service, FixedString<64>& host);

}  // namespace runsuite::svlogd
