// What every program says of itself when it is asked for nothing else: --version, and --help.
#pragma once

#include <optional>

namespace runsuite::about {

struct Program {
    const char* name;
    const char* synopsis;
    const char* purpose;  // "runs a program with a changed process state"
};

// Where the one word of the command line is --version or --help: prints what it asks for, and returns the code to exit with,
// 0, or 111 when that could not be written. Nothing otherwise: with other words the two mean what they always did. To be
// asked first of all, while a standard output that is closed still fails.
std::optional<int> answer(int argc, const char* const* argv, const Program& program);

}  // namespace runsuite::about
