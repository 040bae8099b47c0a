// The processes that nobody supervises: orphans of services, and what was started beside them.
#pragma once

namespace runsuite::runsvdir {

// Process 1 reaches all there are. Any other reaches its children as /proc lists them.
// False: it cannot be said who they are.
bool signal_everyone(int signal);

}  // namespace runsuite::runsvdir
