// What a program says, in the reference's shapes: one line, one write(2), to standard error.
//
//   PROGRAM[ SUBJECT]: fatal: unable to DO WHAT: REASON
//   PROGRAM[ SUBJECT]: warning: unable to DO WHAT: REASON
//
// A control character in a name is printed as '?', so a line stays a line.
#pragma once

#include <string_view>

#include "base/fixed_string.hpp"
#include "base/result.hpp"

namespace runsuite::report {

// A line on its way. Longer ones are cut, the newline is always there.
using Line = FixedString<1400>;

// Of the program that speaks. `subject` is runsv's DIR; both are kept, not copied.
void program(const char* name, const char* subject = nullptr);
// Who writes the lines from now on, instead of a write(2) that waits for room. `line` has its newline.
void write_by(void (*writer)(std::string_view line));

// "usage: PROGRAM SYNOPSIS" and an empty line, then `code`.
int usage(const char* synopsis, int code);
int fatal(const Error& why, int code = 111);
// "unable to DOING NAME: REASON": for what the literal of the Error cannot say.
int fatal(const Error& why, std::string_view name, int code = 111);
// Words of its own after "PROGRAM SUBJECT: fatal: ".
int fatal(std::string_view text, int code = 111);
void warn(const Error& why);
void warn(const Error& why, std::string_view name);
// Words of its own after "PROGRAM SUBJECT: warning: ".
void warn(std::string_view text);
// A line of information: "PROGRAM SUBJECT: TEXT".
void inform(std::string_view text);

// The reference's words for an errno value ("file does not exist"); "unknown error" where it has none.
const char* reason(int code);

// Adds `name` with its control characters made harmless, cut to what a line has room for beside its reason.
void append_name(Line& line, std::string_view name);

}  // namespace runsuite::report
