// What the command line and the environment ask for.
#pragma once

#include <chrono>
#include <span>

#include "sv/command_word.hpp"
#include "sv/exit_code.hpp"
#include "sv/settle_rule.hpp"

namespace runsuite::sv {

struct Environment {
    const char* services;          // SVDIR, nullptr when it is not set
    const char* wait;              // SVWAIT
    const char* settle = nullptr;  // SVSETTLE
};

struct Options {
    const CommandWord* command = nullptr;
    bool init_script = false;  // called by another name than sv: that name is the service
    bool waits = false;
    std::chrono::seconds timeout{7};
    Instant settle = usual_settle_time;  // how long a run has to last
    const char* services_directory = nullptr;
    std::span<const char* const> services;  // none only for a report: every one in the services directory
};

enum class Usage { Good, Wrong, UnknownOption, ArgumentMissing, NoNumber, Version, Help };

struct Parsed {
    Options options;
    Usage usage = Usage::Wrong;
    const char* program = "sv";   // the base name of what was called
    char option = '\0';           // the one at fault
    bool ignored_svwait = false;  // it is not a number
    bool ignored_svsettle = false;

    int usage_code() const { return options.init_script ? 2 : 100; }
    int fatal_code() const { return options.init_script ? init_code::fatal : sv::fatal_code; }
    const char* synopsis() const;
};

// `argv` is kept: the services of the answer point into it.
Parsed parse(int argc, const char** argv, const Environment& environment);

}  // namespace runsuite::sv
