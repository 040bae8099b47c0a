// The kernel calls that have no portable form. Each returns 0 or an errno value: ENOSYS where the system has none.
#pragma once

#include "chpst/capability.hpp"
#include "chpst/scheduling.hpp"

namespace runsuite::chpst::kernel {

int set_oom_score_adj(int value);
int set_cpu_affinity(const CpuSet& cpus);
int set_scheduling(const Scheduling& scheduling);

// EPERM also when a capability that was named is not in the set any more: nothing can be put back into it.
int change_bounding_set(const CapabilityChange& change);

// Lets the permitted capabilities outlive the change from uid 0 to another one, until the exec.
int keep_capabilities();
// Makes the ambient set what `change` makes of it: from the permitted capabilities, EPERM when one that was named is not
// among them. After `user_changed` nothing else stays permitted.
int change_ambient_set(const CapabilityChange& change, bool user_changed);

int set_parent_death_signal(int signal);
int set_no_new_privs();

}  // namespace runsuite::chpst::kernel
