// The manual page names what the table has.
#include <fstream>
#include <sstream>
#include <string>

#include "support/catch.hpp"
#include "sv/command_word.hpp"

using namespace runsuite;

namespace {

std::string page()
{
    std::ifstream file(RUNSUITE_SOURCE "/sv/sv.8");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("every command word has its entry in the manual page")
{
    const std::string text = page();
    for (const auto& row : sv::command_words) {
        const std::string word = row.word;
        if (word.size() == 1 && row.act != sv::Act::Send) continue;  // abbreviations have a paragraph
        INFO(word);
        const bool is_listed = text.find("Cm " + word + "\n") != std::string::npos ||
                               text.find("Cm " + word + " ") != std::string::npos;
        CHECK(is_listed);
    }
}

TEST_CASE("the manual page says which bytes are written for a command that waits")
{
    const std::string text = page();
    for (const auto& row : sv::command_words) {
        const std::string bytes = row.bytes;
        if (bytes.size() > 1) CHECK(text.find("Li " + bytes) != std::string::npos);
    }
}
