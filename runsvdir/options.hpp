// What runsvdir was asked for on its command line.
#pragma once

#include <optional>
#include <string_view>

#include "base/instant.hpp"
#include "runsvdir/stop_rule.hpp"

namespace runsuite::runsvdir {

inline constexpr const char* synopsis = "[-P] [-io] [-g seconds] dir [log] [-- command ...]";

struct Options {
    bool own_sessions = false;        // -P: each runsv leads a session
    bool adopts = false;              // -i: answers for all processes below it, as process 1 does
    bool is_ordered = false;          // -o: starts and stops in the order of the names
    Instant budget = default_budget;  // -g: of a stop
    const char* directory = nullptr;  // the services directory
    char* log = nullptr;              // placeholder of the readproctitle log; it is written to
    const char* surplus = nullptr;    // a word behind the log, which is not looked at
    char** command = nullptr;         // to be run in the foreground
};

// Nothing when there is no directory, or no number where one has to be. As the reference has it, the first word is an
// option when it starts with "-P" or "--", and whatever else starts with a dash and is none of ours is the directory.
std::optional<Options> parse(int argc, char* argv[]);

// What is wrong with the words of a runsvdir that answers for a container, and which one it is. `why` completes "unable to".
struct Misuse {
    const char* why = nullptr;
    const char* word = "";
};

// As process 1, with -i or a command, where no word is taken for something else only because the reference does.
std::optional<Misuse> misuse(int argc, char* argv[], bool is_first_process);

}  // namespace runsuite::runsvdir
