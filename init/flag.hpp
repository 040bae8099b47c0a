// The flag files: what they say is whether their owner may execute them.
#pragma once

#include "base/result.hpp"

namespace runsuite::init {

bool is_set(const char* flag);

// The file is made if there is none.
Outcome set(const char* flag);
// A file that does not exist is not set.
Outcome clear(const char* flag);

}  // namespace runsuite::init
