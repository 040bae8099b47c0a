// What utmpset was asked for on its command line.
#pragma once

namespace runsuite::utmpset {

inline constexpr const char* synopsis = "[-w] [-u utmp] [-W wtmp] line";

struct Options {
    const char* utmp = nullptr;
    const char* wtmp = nullptr;
    bool writes_wtmp = false;
    const char* line = nullptr;
};

enum class Usage { Good, Wrong, UnknownOption, ArgumentMissing, Version };

struct Parsed {
    Usage usage = Usage::Wrong;
    char option = '\0';  // the one that is unknown, or that lacks its argument
    Options options;
};

// `words` are the arguments after the program's name, up to a nullptr. As the reference has it, what comes after the line
// is not looked at.
Parsed parse(const char* const* words);

}  // namespace runsuite::utmpset
