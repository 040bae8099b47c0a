// Signals by name.
#pragma once

#include <optional>
#include <string_view>

namespace runsuite::chpst {

// "TERM", "SIGTERM" or a number from 1 to 64.
std::optional<int> parse_signal(std::string_view text);

}  // namespace runsuite::chpst
