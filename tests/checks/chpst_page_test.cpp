// The manual page holds what the tables of the program hold, and its examples do what it says.
#include <fstream>
#include <sstream>

#include "chpst/changes.hpp"
#include "chpst/option_table.hpp"
#include "scenario/chpst_inside.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/tree.hpp"

using namespace runsuite::chpst;

namespace {

std::vector<std::string> page()
{
    std::ifstream file(RUNSUITE_SOURCE "/chpst/chpst.8");
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

std::vector<std::string> section(const std::string& title)
{
    std::vector<std::string> lines;
    bool is_in = false;
    for (const auto& line : page()) {
        if (line.rfind(".Sh ", 0) == 0) is_in = line == ".Sh " + title;
        else if (is_in) lines.push_back(line);
    }
    return lines;
}

// Whether "Fl NAME" stands in the lines that start with `macro`.
bool has_flag(const std::vector<std::string>& lines, const std::string& macro, const std::string& name)
{
    for (const auto& line : lines) {
        if (line.rfind(macro, 0) == 0 && (line + " ").find("Fl " + name + " ") != std::string::npos) return true;
    }
    return false;
}

std::string name_of(const OptionRow& row)
{
    return row.word != nullptr ? std::string("-") + row.word : std::string(1, row.letter);
}

struct Example {
    std::string command;
    std::string output;
};

std::vector<Example> examples()
{
    std::vector<Example> found;
    bool is_literal = false;
    for (const auto& line : section("EXAMPLES")) {
        if (line.rfind(".Bd", 0) == 0 || line == ".Ed") is_literal = line != ".Ed";
        else if (is_literal && line.rfind("$ ", 0) == 0) found.push_back({line.substr(2), ""});
        else if (is_literal) found.back().output += line + "\n";
    }
    return found;
}

}  // namespace

TEST_CASE("every option is in the manual page and in the usage")
{
    const auto options = section("OPTIONS");
    const auto& chpst = personalities().front();
    const std::string usage = chpst.synopsis;
    for (const auto& row : chpst.options) {
        INFO(name_of(row));
        const std::string name = std::string("012").find(row.letter) != std::string::npos && row.letter != '\0'
                                     ? std::string("0 , Fl 1 , Fl 2")
                                     : name_of(row);
        CHECK(has_flag(options, ".It", name));
        const bool is_flag = row.word == nullptr && !row.takes_value;
        const auto head = usage.substr(0, usage.find(']'));
        CHECK((is_flag ? head.find(row.letter) : usage.find(std::string("-").append(name_of(row)))) !=
              std::string::npos);
    }
}

TEST_CASE("the manual page has no option that does not exist")
{
    for (const auto& line : section("OPTIONS")) {
        if (line.rfind(".It Fl -", 0) != 0) continue;
        const std::string word = line.substr(8, line.find(' ', 8) - 8);
        bool exists = false;
        for (const auto& row : personalities().front().options) exists |= row.word != nullptr && row.word == word;
        INFO(word);
        CHECK(exists);
    }
}

TEST_CASE("the manual page has the order in which changes are made")
{
    std::vector<std::string> order;
    bool is_item = false;
    for (const auto& line : section("ORDER OF APPLICATION")) {
        if (is_item && line.rfind(".Fl ", 0) == 0)
            order.push_back(std::string("-").append(line.substr(4, line.find(' ', 4) - 4)));
        is_item = line == ".It";
    }
    std::vector<std::string> changes;
    for (const auto& change : changes_in_order()) changes.emplace_back(change.name);
    CHECK(order == changes);
}

TEST_CASE("every emulated program is in the manual page with its options")
{
    const auto emulation = section("EMULATION");
    std::string text;
    for (const auto& line : emulation) text += line + "\n";
    for (const auto& program : personalities().subspan(1)) {
        INFO(program.name);
        CHECK(text.find(std::string(".It Nm ") + program.name) != std::string::npos);
    }
    for (const auto& program : personalities().subspan(1)) {
        if (std::string(program.name) != "softlimit") continue;
        for (const auto& row : program.options) CHECK(has_flag(emulation, ".Fl", std::string(1, row.letter)));
    }
}

TEST_CASE("the examples of the manual page do what it says")
{
    if (!chpst_test::has_root() || !chpst_test::has_plain_nice()) return;
    const auto all = examples();
    REQUIRE(all.size() >= 7);
    for (const auto& example : all) {
        support::Tree tree;
        support::StartSpec spec;
        spec.argv = {"/bin/sh", "-c", example.command};
        spec.directory = tree.path();
        spec.join_output = true;
        spec.environment["PATH"] = std::string(RUNSUITE_BIN) + ":/usr/bin:/bin";
        INFO(example.command);
        CHECK(support::run(spec).out == example.output);
    }
}

TEST_CASE("the manual page is clean for mandoc")
{
    if (support::run({"sh", "-c", "command -v mandoc"}).code != 0) return;
    CHECK(support::run({"mandoc", "-T", "lint", "-W", "warning", RUNSUITE_SOURCE "/chpst/chpst.8"}).out.empty());
}
