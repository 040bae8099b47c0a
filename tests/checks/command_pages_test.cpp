// The table of commands against the pages that describe them.
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "model/command.hpp"
#include "support/catch.hpp"

using namespace runsuite;

namespace {

// The words of every list item (".It Cm u", ".It Ic up") of a page.
std::vector<std::string> items_of(const std::string& page)
{
    std::ifstream file(std::string(RUNSUITE_SOURCE) + "/" + page);
    std::vector<std::string> words;
    for (std::string line; std::getline(file, line);) {
        if (line.rfind(".It ", 0) != 0) continue;
        std::istringstream rest(line.substr(4));
        for (std::string word; rest >> word;) words.push_back(word);
    }
    return words;
}

bool has(const std::vector<std::string>& words, const std::string& wanted)
{
    return std::find(words.begin(), words.end(), wanted) != words.end();
}

}  // namespace

TEST_CASE("runsv.8 describes the byte of every command")
{
    const auto items = items_of("runsv/runsv.8");
    for (const auto& row : command_table) {
        const std::string byte(1, static_cast<char>(row.command));
        INFO("command " << byte);
        CHECK(has(items, byte));
    }
}

TEST_CASE("sv.8 describes the word of every command")
{
    const auto items = items_of("sv/sv.8");
    for (const auto& row : command_table) {
        INFO("command " << row.word);
        CHECK(has(items, row.word));
    }
}
