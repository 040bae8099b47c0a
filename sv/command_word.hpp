// The command words of sv(8), one table: it is searched, it says what is written to supervise/control, and a test
// holds the manual page against it.
#pragma once

#include <array>
#include <string_view>

namespace runsuite::sv {

enum class Spelling {
    Whole,   // the word as it stands
    Letter,  // every word that starts with its first character
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
};

// The first row that matches is the one: whole words come before letters.
inline constexpr std::array command_words{
    CommandWord{"status", Spelling::Whole, Act::Report, ""},
    CommandWord{"start", Spelling::Whole, Act::Wait, "u"},
    CommandWord{"stop", Spelling::Whole, Act::Wait, "d"},
    CommandWord{"reload", Spelling::Whole, Act::Wait, "h"},
    CommandWord{"restart", Spelling::Whole, Act::Wait, "tcu"},
    CommandWord{"shutdown", Spelling::Whole, Act::Wait, "x"},
    CommandWord{"force-stop", Spelling::Whole, Act::Force, "d"},
    CommandWord{"force-reload", Spelling::Whole, Act::Force, "tc"},
    CommandWord{"force-restart", Spelling::Whole, Act::Force, "tcu"},
    CommandWord{"force-shutdown", Spelling::Whole, Act::Force, "x"},
    CommandWord{"try-restart", Spelling::Whole, Act::Wait, "tc"},
    CommandWord{"check", Spelling::Whole, Act::Wait, ""},
    CommandWord{"s", Spelling::Letter, Act::Report, ""},
    CommandWord{"up", Spelling::Letter, Act::Send, "u"},
    CommandWord{"down", Spelling::Letter, Act::Send, "d"},
    CommandWord{"once", Spelling::Letter, Act::Send, "o"},
    CommandWord{"pause", Spelling::Letter, Act::Send, "p"},
    CommandWord{"cont", Spelling::Letter, Act::Send, "c"},
    CommandWord{"hup", Spelling::Letter, Act::Send, "h"},
    CommandWord{"alarm", Spelling::Letter, Act::Send, "a"},
    CommandWord{"interrupt", Spelling::Letter, Act::Send, "i"},
    CommandWord{"quit", Spelling::Letter, Act::Send, "q"},
    CommandWord{"1", Spelling::Letter, Act::Send, "1"},
    CommandWord{"2", Spelling::Letter, Act::Send, "2"},
    CommandWord{"term", Spelling::Letter, Act::Send, "t"},
    CommandWord{"kill", Spelling::Letter, Act::Send, "k"},
    CommandWord{"exit", Spelling::Letter, Act::Send, "x"},
    CommandWord{"x", Spelling::Letter, Act::Send, "x"},
    CommandWord{"D", Spelling::Letter, Act::Force, "d"},
    CommandWord{"T", Spelling::Letter, Act::Force, "tc"},
    CommandWord{"X", Spelling::Letter, Act::Force, "x"},
    CommandWord{"E", Spelling::Letter, Act::Force, "x"},
};

// nullptr when `word` is no command. An init script must not take the words of its callers for abbreviations of
// status, so there only the whole word is.
const CommandWord* find_command(std::string_view word, bool init_script);

}  // namespace runsuite::sv
