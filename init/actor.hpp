// Carries out what the rule of the stages asks for: starts scripts, sends signals, speaks.
#pragma once

#include <csignal>
#include <optional>

#include "init/console.hpp"
#include "init/stage_rule.hpp"

namespace runsuite::init {

class Actor {
public:
    // `mask` is that of the scripts; it is kept, not copied.
    void open(const sigset_t& mask);

    // The answer, where the rule wants one.
    std::optional<Event> carry_out(const Action& action);

private:
    Event start(Script script);

    Console console_;
    const sigset_t* mask_ = nullptr;
};

// How long stage 2 may take to end: the number of seconds in the file `grace`.
Instant read_grace();

// The files that the script is.
const char* path_of(Script script);

}  // namespace runsuite::init
