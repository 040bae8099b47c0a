// What a program says that must not stand still. A line that standard error has no room for is kept, and those after it. The
// program's loop waits with kept_lines(), and calls write_kept_lines() when that is ready. Of lines that there is no more
// room to keep the number is said.
#pragma once

#include <poll.h>

#include <span>

struct iovec;

namespace runsuite::report {

void keep_lines_when_full();
pollfd kept_lines();  // of the descriptor -1, which poll(2) passes over, where there are none
void write_kept_lines();
bool has_kept_lines();
// A line that is not the program's own, with its newline, in the same way.
void write_line(std::span<const iovec> parts);
// At the end of the program: what is kept has a fifth of a second more. Returns `code`.
int last_words(int code);

}  // namespace runsuite::report
