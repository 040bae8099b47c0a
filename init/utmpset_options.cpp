#include "init/utmpset_options.hpp"

#include <cstring>

namespace runsuite::utmpset {

namespace {

// The value of an option: the rest of its word, or the next one.
const char* value_of(const char* letter, const char* const*& words)
{
    if (letter[1] != '\0') return letter + 1;
    if (words[1] == nullptr) return nullptr;
    return *++words;
}

Usage take_letters(const char* const*& words, Parsed& parsed)
{
    Options& options = parsed.options;
    for (const char* letter = *words + 1; *letter != '\0'; ++letter) {
        parsed.option = *letter;
        if (*letter == 'V') return Usage::Version;
        if (*letter == 'w' || *letter == 'W') options.writes_wtmp = true;
        if (*letter == 'w') continue;
        if (*letter != 'u' && *letter != 'W') return Usage::UnknownOption;
        const char*& file = *letter == 'u' ? options.utmp : options.wtmp;
        file = value_of(letter, words);
        return file != nullptr ? Usage::Good : Usage::ArgumentMissing;
    }
    return Usage::Good;
}

}  // namespace

Parsed parse(const char* const* words)
{
    Parsed parsed;
    parsed.options.utmp = RUNSUITE_UTMP;
    parsed.options.wtmp = RUNSUITE_WTMP;
    for (; *words != nullptr && words[0][0] == '-' && words[0][1] != '\0'; ++words) {
        if (std::strcmp(*words, "--") == 0) {
            ++words;
            break;
        }
        parsed.usage = take_letters(words, parsed);
        if (parsed.usage != Usage::Good) return parsed;
    }
    parsed.options.line = *words;
    parsed.usage = parsed.options.line != nullptr ? Usage::Good : Usage::Wrong;
    return parsed;
}

}  // namespace runsuite::utmpset
