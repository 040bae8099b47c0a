// Why a program file of a service (run, finish, check, control/x) cannot be started, in words that a person can act on.
#pragma once

#include "app/report.hpp"

namespace runsuite {

// The words after "unable to start ./run: ", or after "./run: ", as in
//
//   file does not exist             is a link to X: file does not exist         is a directory          is not a plain file
//   not executable: chmod +x run    not executable for user 1000                is on a file system mounted noexec
//   is empty                        has no #! line                              begins with a byte order mark, not with #!
//   names no program after #!       "#!/bin/sh" ends in a carriage return       has a #! line that is too long
//   interpreter /bin/x: file does not exist      loader /lib/ld.so: file does not exist
//   is a program for aarch64, and this machine is x86_64
//
// `code` is the errno value of the execve(2) that failed: it has the last word where looking finds no cause. 0 where none is
// known: nothing is said then unless there is a cause. Opens nothing but plain files, waits for nothing, allocates nothing.
report::Line run_trouble(const char* path, int code);

}  // namespace runsuite
