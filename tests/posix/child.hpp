// Children for tests of the kernel's side of things.
#pragma once

#include <functional>
#include <string>

#include "posix/spawn.hpp"

namespace child {

// What one spawned program left.
struct Trace {
    runsuite::Error not_run;
    int code = -1;    // exit code; -1 when a signal ended it
    std::string out;  // what it wrote to descriptor 1
};

// Spawns with descriptor 1 redirected to a file before the redirects of `spec`, and waits for the end.
Trace spawn_and_wait(runsuite::SpawnSpec spec);
Trace spawn_and_wait(runsuite::SpawnSpec spec, std::span<const runsuite::Redirect> redirects);

// Runs `claim` in a forked copy of this process, so that it may change masks, limits, mounts or users. Whether it
// returned true; an abort or a hang (10 s) is false.
bool holds(const std::function<bool()>& claim);

bool is_root();
bool can_mount();  // root may lack the right, and in a chroot(2) mounts cannot be made private
// Gives the calling process mounts of its own with an empty file system of `options` at `path`. In holds() only.
bool mount_scratch(const std::string& path, const char* options);

// Closes what whoever started the tests left open beyond descriptor 2.
void close_inherited();

// This test's own program; with this argument it prints its open descriptors, "0 1 2 ", and exits.
std::string self();
inline constexpr const char* list_descriptors = "child: list descriptors";

}  // namespace child
