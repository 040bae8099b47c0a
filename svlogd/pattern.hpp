// The patterns of a config file, see svlogd(8): no regular expressions, and no way back once a character was taken.
//
//   c    itself
//   +c   one or more c, as many as there are
//   *c   whatever comes before the next c, and then c by its own rule
//   *    at the end: whatever is left
//   +    at the end: nothing, like no character at all
#pragma once

#include <string_view>

namespace runsuite::svlogd {

// Whether `pattern` describes the whole of `message`. Looks at no byte outside of either.
bool matches(std::string_view pattern, std::string_view message);

}  // namespace runsuite::svlogd
