#include "sv/command_word.hpp"

namespace runsuite::sv {

namespace {

bool matches(const CommandWord& row, std::string_view word, bool init_script)
{
    if (row.spelling == Spelling::Whole) return word == row.word;
    if (init_script && row.act == Act::Report) return false;
    return !word.empty() && word[0] == row.word[0];
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
