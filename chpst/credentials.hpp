// The part of the changes that has to do with accounts: whose program it is, and what it may do.
#pragma once

#include "chpst/changes.hpp"

namespace runsuite::chpst {

Failure look_up_accounts(const ProcessState& state, Findings& found);

void describe_env_user(const ProcessState& state, const Findings& found, report::Line& line);
Failure set_env_user(const ProcessState& state, Findings& found);

void describe_login_environment(const ProcessState& state, const Findings& found, report::Line& line);
Failure set_login_environment(const ProcessState& state, Findings& found);

void describe_user(const ProcessState& state, const Findings& found, report::Line& line);
Failure change_user(const ProcessState& state, Findings& found);

void describe_capabilities(const CapabilityChange& change, const char* words, report::Line& line);

}  // namespace runsuite::chpst
