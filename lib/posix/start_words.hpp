// The words that a program is started with: those of the command line and of the environment.
#pragma once

namespace runsuite {

// The kernel writes the words to the top of the stack, apart from the rest of it, where as a rule they keep a page in memory for
// as long as the process lives. This moves them to the rest, tells the kernel where they are now, so that ps(1) and
// /proc/PID/environ show them as before, and gives the page back. To be called at the start of main(), with its argv and
// before a pointer to a word is kept: those in argv and environ are changed.
//
// Nothing is moved when there is no page to be won, or the kernel cannot be told: see PR_SET_MM_MAP in prctl(2).
void gather_start_words(char* argv[]);

}  // namespace runsuite
