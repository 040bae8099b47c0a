// The machine itself, see reboot(2).
#pragma once

#include "base/result.hpp"

namespace runsuite::init {

// From now on the keys are a signal to process 1, not a reset. Without the right to say so, in a container, nothing
// happens.
void catch_ctrl_alt_del();

enum class Power { Reboot, Off, Halt };

// Returns only where it cannot be done.
Error end_machine(Power how);

}  // namespace runsuite::init
