// Everything that is to be different for the program, said before anything is changed. A plain value; changes.cpp has
// the order in which it is applied.
#pragma once

#include <sys/types.h>

#include <optional>

#include "chpst/capability.hpp"
#include "chpst/limits.hpp"
#include "chpst/scheduling.hpp"
#include "chpst/user_spec.hpp"

namespace runsuite::chpst {

struct ProcessState {
    bool verbose = false;
    bool dry_run = false;

    bool new_session = false;
    const char* env_directory = nullptr;
    bool env_directory_is_strict = false;  // a subdirectory in it is a failure, not skipped
    std::optional<int> oom_score_adj;
    const char* root = nullptr;
    const char* directory = nullptr;
    std::optional<int> nice;
    std::optional<CpuSet> cpus;
    std::optional<Scheduling> scheduling;
    UserSpec env_user;
    UserSpec user;
    bool init_groups = false;
    bool login_environment = false;
    CapabilityChange bounding_set;
    CapabilityChange ambient_caps;
    const char* lock = nullptr;
    bool lock_waits = true;
    bool lock_is_quiet = false;  // no lock: exit 0 without a word
    std::optional<mode_t> umask;
    bool closed[3] = {};
    Limits limits;
    int parent_death_signal = 0;
    bool no_new_privs = false;

    const char* argv0 = nullptr;        // nullptr: the program's own
    const char* const* argv = nullptr;  // the program and its arguments
};

}  // namespace runsuite::chpst
