// Exit codes of sv(8): as sv the number of failures, as an init script what its conventions want.
#pragma once

#include <algorithm>

namespace runsuite::sv {

inline constexpr int most_failures = 99;
inline constexpr int fatal_code = 100;

namespace init_code {
inline constexpr int failed = 1;
inline constexpr int down = 3;
inline constexpr int unknown = 4;
inline constexpr int fatal = 151;
}  // namespace init_code

constexpr int code_of_failures(int failures, bool init_script)
{
    if (init_script) return failures > 0 ? init_code::failed : 0;
    return std::min(failures, most_failures);
}

}  // namespace runsuite::sv
