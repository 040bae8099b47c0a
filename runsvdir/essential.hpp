// A service that others cannot go on without: its directory has a file "essential". runsv tells of its end, when nobody
// asked for it, in supervise/exit and by a CHLD.
#pragma once

#include <optional>

#include "model/exit_record.hpp"

namespace runsuite::runsvdir {

// All names are those of services in the current directory.
// Before its runsv is started: what is there is from another life.
void forget_end(const char* name);
// How the service has ended since then; nothing as long as it has not.
std::optional<ExitRecord> end_of(const char* name);

}  // namespace runsuite::runsvdir
