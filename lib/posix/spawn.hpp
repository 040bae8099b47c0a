// What a child is, said before it exists.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <span>

#include "base/result.hpp"

namespace runsuite {

// In the child, `to` becomes a copy of `from` that stays open in the program. The pairs are carried out in order.
struct Redirect {
    int from;
    int to;
};

struct SpawnSpec {
    const char* program = nullptr;  // with a slash: that file; without: looked up in PATH, see exec_program
    const char* const* argv = nullptr;
    const char* const* environment = nullptr;  // nullptr: ours
    const char* directory = nullptr;           // nullptr: ours
    int directory_fd = -1;                     // the same as an open one; -1: none
    std::span<const Redirect> redirects;
    const sigset_t* mask = nullptr;  // of the program; nullptr: ours. See Signals::child_mask
    bool own_session = false;
    bool controlling_terminal = false;  // descriptor 0 becomes that of the session, where it is a terminal
    void (*in_child)(void* argument) =
        nullptr;  // called in the child before all else, in the memory of the parent
    void* argument = nullptr;
    int terminal = -1;  // gets a process group of its own, in the foreground of this one; -1: stays in ours
};

// A process was made. Where it could not become the program, `not_run` says why and the process exits 111 like one
// that ran and failed: wait for it in either case.
struct Spawned {
    pid_t pid = 0;
    Error not_run;
};

// Fails when no process could be made. Allocates nothing and needs no descriptor. Does not return before the program
// runs, so `spec` may point at locals.
Result<Spawned> spawn(const SpawnSpec& spec);

// execve(2) with the reference's search: a name without a slash is tried in each directory of `path` (nullptr:
// /bin:/usr/bin); EACCES, EPERM and EISDIR go on with the next one; a file without "#!" is not given to a shell.
// Returns only on failure: the errno value that says most. Usable after vfork(2).
int exec_program(const char* name, const char* const* argv, const char* const* environment, const char* path);

// The exit code of a child that could not become its program, as the reference has it.
inline constexpr int exit_not_run = 111;

}  // namespace runsuite
