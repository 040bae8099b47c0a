// How many descriptors a process may have: its RLIMIT_NOFILE.
#pragma once

namespace runsuite {

// As far as it may be. Whether that is more than it was.
bool raise_descriptor_limit();
// In a child made by vfork(2): what the limit was before that.
void restore_descriptor_limit();
// Whether `fd` is one of the last few that there can be.
bool is_near_descriptor_limit(int fd);

}  // namespace runsuite
