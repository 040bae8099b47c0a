// Who has the terminal: of the process groups in a session, one is in its foreground, see tcsetpgrp(3).
#pragma once

#include <sys/types.h>

namespace runsuite {

// Whether it is our controlling terminal, and we are in its foreground.
bool is_in_foreground(int terminal);

// The group in the foreground; 0 for none, or one that we cannot name.
pid_t foreground_of(int terminal);

// Puts our process group there, wherever we are. SIGTTOU is blocked afterwards: what we write is not held up when we
// are not in the foreground.
void take_foreground(int terminal);

// For one who leaves the foreground to another.
void block_background_stop();

}  // namespace runsuite
