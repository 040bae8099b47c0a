// The limits of resources, which are set in two steps: only who is privileged may raise a hard one, and after all else nothing
// of ours has to live with a lower one.
#pragma once

#include "chpst/changes.hpp"

namespace runsuite::chpst {

void describe_raising(const ProcessState& state, const Findings& found, report::Line& line);
Failure raise_hard_limits(const ProcessState& state, Findings& found);

void describe_limits(const ProcessState& state, const Findings& found, report::Line& line);
Failure set_limits(const ProcessState& state, Findings& found);

}  // namespace runsuite::chpst
