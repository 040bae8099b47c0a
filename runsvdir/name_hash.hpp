// A name as a number, where it has to be remembered for long: two names that share one are taken for the same, which costs
// a needless scan or a line that is left out.
#pragma once

#include <cstdint>
#include <string_view>

namespace runsuite::runsvdir {

inline std::uint32_t hash_of(std::string_view name)
{
    std::uint32_t hash = 2166136261U;  // FNV-1a
    for (const char letter : name) hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619U;
    return hash;
}

}  // namespace runsuite::runsvdir
