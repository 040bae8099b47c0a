// Which programs a scenario runs: the ones just built, or those that the environment names, so that the same scenario
// can be held against the reference: RUNSUITE_REFERENCE=/usr/bin, or RUNSUITE_RUNSV=/usr/bin/runsv and so on for one of
// them.
#pragma once

#include <string>

namespace support {

std::string program(const std::string& name);                  // its path
std::string ours(const std::string& name);                     // the one just built, whatever the environment says
bool is_reference(const std::string& name);                    // the environment names another one
std::string path_with_programs(const std::string& directory);  // links to the programs there; a value for PATH

}  // namespace support
