#include "sv/command_word.hpp"

#include <algorithm>

namespace runsuite::sv {

namespace {

// Of any verb: "try" has always been a term, and "stat" a status.
bool begins_verb(std::string_view word)
{
    return std::any_of(command_words.begin(), command_words.end(),
                       [word](const CommandWord& row) { return std::string_view(row.word).starts_with(word); });
}

bool matches(const CommandWord& row, std::string_view word, bool init_script)
{
    if (row.spelling == Spelling::Whole) return word == row.word;
    if (init_script && row.act == Act::Report) return false;
    return !word.empty() && word[0] == row.word[0] && begins_verb(word);
}

}  // namespace

const CommandWord* find_command(std::string_view word, bool init_script)
{
    for (const CommandWord& row : command_words) {
        if (matches(row, word, init_script)) return &row;
    }
    return nullptr;
}

}  // namespace runsuite::sv
