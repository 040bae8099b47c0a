// For pieces of a line: musl's memcpy(3) is one string instruction, which takes as long to begin as a hundred bytes take
// one after the other.
#pragma once

#include <string_view>

namespace runsuite {

inline void copy_short(std::string_view from, char* to)
{
    for (const char letter : from) *to++ = letter;
}

}  // namespace runsuite
