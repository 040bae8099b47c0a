// The directory that -e reads, a file for each variable.
#pragma once

#include "chpst/environment.hpp"
#include "chpst/failure.hpp"
#include "chpst/process_state.hpp"

namespace runsuite::chpst {

// Puts the variables of state.env_directory into `environment`. Fails, and leaves it half changed, for a directory or a
// file that cannot be read, for a fifo, for a name with "=", and for a line that is too long to be a variable.
Failure read_env_directory(const ProcessState& state, Environment& environment);

}  // namespace runsuite::chpst
