// Why the program is not run: one line, in the reference's shape, with the option at fault behind it.
#pragma once

#include <cerrno>
#include <string_view>

#include "app/report.hpp"

namespace runsuite::chpst {

struct [[nodiscard]] Failure {
    const char* words = nullptr;   // "unable to lock"; nullptr: nothing has failed
    const char* option = nullptr;  // "-L"
    int code = 0;                  // an errno value, 0 where there is none
    bool is_quiet = false;         // to be ended with 0 and without a word
    report::Line name;

    explicit operator bool() const { return words != nullptr; }
};

inline Failure failure(const char* words, const char* option, int code = 0, std::string_view name = {})
{
    Failure why;
    why.words = words;
    why.option = option;
    why.code = code;
    report::append_name(why.name, name);
    return why;
}

// The same with the errno value that the last call has left.
inline Failure last_failure(const char* words, const char* option, std::string_view name = {})
{
    return failure(words, option, errno, name);
}

// Prints "PROGRAM: fatal: WORDS: NAME: REASON (option OPTION)"; the part in brackets only for chpst itself, as the
// other programs have no such options. Returns the exit code.
int print(const Failure& why, bool names_option);

}  // namespace runsuite::chpst
