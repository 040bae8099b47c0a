// The changes, in the one order in which they are made.
#pragma once

#include <sys/types.h>

#include <span>

#include "chpst/account.hpp"
#include "chpst/environment.hpp"
#include "chpst/failure.hpp"
#include "chpst/process_state.hpp"

namespace runsuite::chpst {

// What the state has turned out to mean on this system.
struct Findings {
    Environment environment;
    Account env_account;  // of -U
    Account account;      // of -u
    pid_t parent = 0;     // when we were started
};

struct Change {
    const char* name;  // the option that asks for it
    bool (*is_wanted)(const ProcessState& state);
    void (*describe)(const ProcessState& state, const Findings& found, report::Line& line);
    Failure (*apply)(const ProcessState& state, Findings& found);
};

std::span<const Change> changes_in_order();

// Changes nothing: reads the environment directory and looks up the accounts. With a new root the accounts are those
// of its own files, so they wait for it.
Failure find_out(const ProcessState& state, Findings& found);

// Stops at the first failure.
Failure apply(const ProcessState& state, Findings& found);

}  // namespace runsuite::chpst
