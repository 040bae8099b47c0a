// Where runsv keeps the state of a service that has no room for it in its own directory, as on a read-only file system:
// $SVSTATE/NAME, and $SVSTATE/NAME.log for its log service, in place of supervise and log/supervise. NAME is the last part of
// the path of the service directory. It is used only where supervise cannot be written, so nobody pays for it otherwise.
#pragma once

#include <string_view>

#include "app/service_dir.hpp"
#include "base/fixed_string.hpp"
#include "base/result.hpp"

namespace runsuite::state_dir {

inline constexpr const char* variable = "SVSTATE";
inline constexpr std::size_t longest = 255;

// What SVSTATE says; nullptr unless that is a path from the root, of `longest` bytes at most.
const char* root();

// Empty where the path has none, as "." and "/".
std::string_view name_of(std::string_view directory);

using Path = FixedString<longest + 1 + 255 + 4 + 32>;

// There, a name that is relative to the service directory, as service_dir has it: "supervise..." or "log/supervise...".
Path path_of(std::string_view name, std::string_view file);

// Whether supervise of the service directory `service` cannot be written, so that its runsv has gone there.
bool is_used_for(const char* service, std::string_view file);

// All that runsv keeps, there; but not `down`. It lives as long as the program; nullptr where there is no place.
const service_dir::Names* names(std::string_view name, const service_dir::Names& usual);

// Makes the directory, with those above it, for us alone. Fails with EPERM where it is another user's.
Outcome make(const char* directory);

}  // namespace runsuite::state_dir
