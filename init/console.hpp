// Where process 1 speaks: standard error, which is the console as the kernel has opened it. Every line ends in the time
// since the machine was booted: "- runit: TEXT [1.234 s]". A console that takes no more loses the line; it never keeps
// runit waiting.
#pragma once

#include <string_view>

#include "base/fixed_string.hpp"

namespace runsuite::init {

// On its way to the console. Short, because every page of the stack that was touched once stays: what runit names are
// paths that the build sets.
using Line = FixedString<280>;

class Console {
public:
    // Makes the console descriptors 0, 1 and 2 where process 1 was started without them. It may have to be tried again:
    // a machine may have no /dev before its stage 1.
    void open();

    static void say(std::string_view text);
    // "- runit: fatal: unable to start child: NAME: REASON" and its like.
    static void say_failure(std::string_view what, std::string_view name, int code);

private:
    bool is_missing_ = true;  // not looked at yet
};

}  // namespace runsuite::init
