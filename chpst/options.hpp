// What the command line asks for: read whole and found right, or refused, before anything is done.
#pragma once

#include <string_view>

#include "chpst/option_table.hpp"

namespace runsuite::chpst {

// The program that the name it was called by stands for: chpst, or one of daemontools, also with a "d" in front.
const Personality& personality_of(std::string_view called);

struct Parsed {
    enum class Refusal {
        None,
        Version,          // -V
        IllegalOption,    // `option` is none
        MissingArgument,  // `option` has none
        MissingOperand,   // no program, or not all that has to be named before it
        BadValue,         // `value` of `option`; `words` say what it is not
        BadUser,          // the same, with 111 for exit code
    };

    ProcessState state;
    Refusal refusal = Refusal::None;
    std::string_view option;  // as it was given: the letter, or the long word
    std::string_view value;
    const char* words = "";
};

// `arguments` are those after argv[0], with a null pointer at their end; they must live as long as the result.
Parsed parse(const Personality& personality, const char* const* arguments);

}  // namespace runsuite::chpst
