// The command words of sv(8), one table: it is searched, it says what is written to supervise/control, and a test
// holds the manual page against it.
#pragma once

#include <array>
#include <string_view>

namespace runsuite::sv {

enum class Spelling {
    Whole,   // the word as it stands
    Letter,  // every beginning of a verb that starts with its first character
};

enum class Act {
    Report,  // says how the service is
    Send,    // writes the bytes, and waits for their effect when asked to with -v
    Wait,    // writes the bytes and waits
    Force,   // waits, and sends kill when the time is over
};

struct CommandWord {
    const char* word;
    Spelling spelling;
    Act act;
    const char* bytes;  // for supervise/control; none for a check: that waits for what the status says is wanted
    const char* help;   // what it does; nullptr: it is only another spelling
};

// The first row that matches is the one: whole words come before letters.
inline constexpr std::array command_words{
    CommandWord{"status", Spelling::Whole, Act::Report, "",
                "report how services are; without a name, all of them"},
    CommandWord{"start", Spelling::Whole, Act::Wait, "u", "start it and keep it running; wait until it runs"},
    CommandWord{"stop", Spelling::Whole, Act::Wait, "d", "end it and keep it down; wait until it is down"},
    CommandWord{"reload", Spelling::Whole, Act::Wait, "h", "send HUP"},
    CommandWord{"restart", Spelling::Whole, Act::Wait, "tcu", "end it and start it anew; wait until it runs"},
    CommandWord{"shutdown", Spelling::Whole, Act::Wait, "x", "end it and its runsv; wait until runsv has ended"},
    CommandWord{"force-stop", Spelling::Whole, Act::Force, "d", "stop, and send KILL when the time is over"},
    CommandWord{"force-reload", Spelling::Whole, Act::Force, "tc",
                "try-restart, and send KILL when the time is over"},
    CommandWord{"force-restart", Spelling::Whole, Act::Force, "tcu",
                "restart, and send KILL when the time is over"},
    CommandWord{"force-shutdown", Spelling::Whole, Act::Force, "x",
                "shutdown, and send KILL when the time is over"},
    CommandWord{"try-restart", Spelling::Whole, Act::Wait, "tc", "restart it if it runs; wait until it runs"},
    CommandWord{"check", Spelling::Whole, Act::Wait, "", "wait until it is as it is wanted"},
    CommandWord{"s", Spelling::Letter, Act::Report, "", nullptr},
    CommandWord{"up", Spelling::Letter, Act::Send, "u", "start it and keep it running"},
    CommandWord{"down", Spelling::Letter, Act::Send, "d", "end it and keep it down"},
    CommandWord{"once", Spelling::Letter, Act::Send, "o", "start it, but not again when it ends"},
    CommandWord{"pause", Spelling::Letter, Act::Send, "p", "send STOP"},
    CommandWord{"cont", Spelling::Letter, Act::Send, "c", "send CONT"},
    CommandWord{"hup", Spelling::Letter, Act::Send, "h", "send HUP"},
    CommandWord{"alarm", Spelling::Letter, Act::Send, "a", "send ALRM"},
    CommandWord{"interrupt", Spelling::Letter, Act::Send, "i", "send INT"},
    CommandWord{"quit", Spelling::Letter, Act::Send, "q", "send QUIT"},
    CommandWord{"1", Spelling::Letter, Act::Send, "1", "send USR1"},
    CommandWord{"2", Spelling::Letter, Act::Send, "2", "send USR2"},
    CommandWord{"term", Spelling::Letter, Act::Send, "t", "send TERM"},
    CommandWord{"kill", Spelling::Letter, Act::Send, "k", "send KILL"},
    CommandWord{"exit", Spelling::Letter, Act::Send, "x", "end it and its runsv"},
    CommandWord{"x", Spelling::Letter, Act::Send, "x", nullptr},
    CommandWord{"D", Spelling::Letter, Act::Force, "d", nullptr},
    CommandWord{"T", Spelling::Letter, Act::Force, "tc", nullptr},
    CommandWord{"X", Spelling::Letter, Act::Force, "x", nullptr},
    CommandWord{"E", Spelling::Letter, Act::Force, "x", nullptr},
};

// nullptr when `word` is neither a verb nor the beginning of one: nothing is to be sent for it then. An init script must not take the words of its callers for abbreviations of
// status, so there only the whole word is.
const CommandWord* find_command(std::string_view word, bool init_script);

}  // namespace runsuite::sv
