// What is said of a command line that was not accepted.
#pragma once

#include "chpst/options.hpp"

namespace runsuite::chpst {

// One line for a value that is no good, and the usage for an option that does not exist or is not complete; returns the
// exit code, 100, or 111 for ids that the reference refuses no sooner than it would take them. `called` is the name
// that the program was called by.
int print_refusal(const Personality& personality, const char* called, const Parsed& parsed);

}  // namespace runsuite::chpst
