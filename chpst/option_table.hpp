// The one table of options of each program, which drives parsing and which a test holds against the manual page.
#pragma once

#include <span>

#include "chpst/process_state.hpp"

namespace runsuite::chpst {

// In the order in which a row of the table reads best.
struct OptionRow {     // NOLINT(clang-analyzer-optin.performance.Padding)
    char letter;       // '\0': it has none
    const char* word;  // of the long form, without "--"; nullptr: it has none
    bool takes_value;
    // Puts the value (nullptr for an option without one) into the state. Returns what is wrong with it, nullptr if
    // nothing. There is none for the one option that only asks for the version.
    const char* (*set)(ProcessState& state, const char* value);
};

struct Personality {
    const char* name;
    const char* synopsis;
    std::span<const OptionRow> options;
    const char* (*set_always)(ProcessState& state, const char*);  // like an option that is always there
    void (*set_operand)(ProcessState& state,
                        const char* value);  // the word before the program; nullptr: there is none
};

std::span<const Personality> personalities();  // the first one is chpst

}  // namespace runsuite::chpst
