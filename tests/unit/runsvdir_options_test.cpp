#include <string>
#include <vector>

#include "runsvdir/options.hpp"
#include "support/catch.hpp"

using namespace runsuite::runsvdir;

namespace {

struct Line {
    explicit Line(std::vector<std::string> words) : words_(std::move(words))
    {
        words_.insert(words_.begin(), "runsvdir");
        for (auto& word : words_) pointers_.push_back(word.data());
        pointers_.push_back(nullptr);
    }
    std::optional<Options> parsed() { return parse(static_cast<int>(words_.size()), pointers_.data()); }
    // "WHY WORD", or nothing
    std::string misused(bool is_first_process)
    {
        const auto wrong = misuse(static_cast<int>(words_.size()), pointers_.data(), is_first_process);
        return wrong ? std::string(wrong->why) + " " + wrong->word : "";
    }

private:
    std::vector<std::string> words_;
    std::vector<char*> pointers_;
};

}  // namespace

TEST_CASE("the directory is the first word, the log the second, and more are not looked at")
{
    Line line({"/service", "log: ....", "more"});
    const auto options = line.parsed();
    REQUIRE(options);
    CHECK(std::string(options->directory) == "/service");
    CHECK(std::string(options->log) == "log: ....");
    CHECK_FALSE(options->own_sessions);
}

TEST_CASE("without a log there is none")
{
    Line line({"/service"});
    const auto options = line.parsed();
    REQUIRE(options);
    CHECK(options->log == nullptr);
}

TEST_CASE("the option -P asks for sessions, -- is taken in its place and asks for nothing")
{
    for (const std::string option : {"-P", "--"}) {
        Line line({option, "dir", "log: ...."});
        const auto options = line.parsed();
        REQUIRE(options);
        CHECK(options->own_sessions == (option == "-P"));
        CHECK(std::string(options->directory) == "dir");
        CHECK(options->log != nullptr);
    }
}

TEST_CASE("other options, and a second one, are the directory")
{
    for (const std::string first : {"-x", "-h", "-", "-V"}) {
        Line line({first});
        const auto options = line.parsed();
        REQUIRE(options);
        CHECK(options->directory == first);
    }
    Line line({"-P", "-P"});
    const auto options = line.parsed();
    REQUIRE(options);
    CHECK(std::string(options->directory) == "-P");
}

TEST_CASE("without a directory it is a usage error")
{
    for (const auto& words :
         std::vector<std::vector<std::string>>{{}, {"-P"}, {"--"}, {"-Pdir"}, {"--help"}, {""}}) {
        Line line(words);
        CHECK_FALSE(line.parsed());
    }
}

TEST_CASE("the options -i, -o and -g ask for a container's duties, an order and a budget")
{
    Line none({"dir"});
    CHECK_FALSE(none.parsed()->adopts);
    CHECK_FALSE(none.parsed()->is_ordered);
    CHECK(none.parsed()->budget == std::chrono::seconds(8));
    for (const auto& words : std::vector<std::vector<std::string>>{{"-i", "-o", "-g", "27", "dir"},
                                                                   {"-io", "-g27", "dir"},
                                                                   {"-oig", "27", "dir"},
                                                                   {"-P", "-iog27", "dir"}}) {
        Line line(words);
        const auto options = line.parsed();
        REQUIRE(options);
        CHECK(options->adopts);
        CHECK(options->is_ordered);
        CHECK(options->budget == std::chrono::seconds(27));
        CHECK(options->own_sessions == (words[0] == "-P"));
        CHECK(std::string(options->directory) == "dir");
    }
}

TEST_CASE("an option -g without a number of seconds is a wrong usage")
{
    for (const std::string number : {"", "x", "-1", "1s", "8.5", "999999999999"}) {
        Line line({"-g", number, "dir"});
        CHECK_FALSE(line.parsed());
    }
    Line missing({"-g"});
    CHECK_FALSE(missing.parsed());
    Line no_directory({"-g", "8"});
    CHECK_FALSE(no_directory.parsed());
}

TEST_CASE("after -- in place of an option -i is a directory")
{
    Line line({"--", "-i"});
    REQUIRE(line.parsed());
    CHECK(std::string(line.parsed()->directory) == "-i");
    CHECK_FALSE(line.parsed()->adopts);
}

TEST_CASE("two dashes after the directory begins a command, with and without a log")
{
    Line line({"dir", "--", "sh", "-c", "exit"});
    auto options = line.parsed();
    REQUIRE(options);
    CHECK(options->log == nullptr);
    REQUIRE(options->command != nullptr);
    CHECK(std::string(options->command[0]) == "sh");
    CHECK(std::string(options->command[2]) == "exit");
    CHECK(options->command[3] == nullptr);
    Line with_log({"dir", "log: ....", "--", "sh", "--"});
    options = with_log.parsed();
    REQUIRE(options);
    CHECK(std::string(options->log) == "log: ....");
    REQUIRE(options->command != nullptr);
    CHECK(std::string(options->command[1]) == "--");
    Line empty({"dir", "--"});
    REQUIRE(empty.parsed());
    CHECK(empty.parsed()->command == nullptr);
}

TEST_CASE(
    "for a container a word that is no option is a wrong usage, and so is what stands where something else has to")
{
    struct Case {
        std::vector<std::string> words;
        std::string why;
    };
    const std::string option = "understand the option ";
    const std::string number = "find a number of seconds for -g in ";
    const std::string directory = "find the name of a directory in ";
    for (const Case& one : std::vector<Case>{{{"--grace", "20", "dir"}, option + "--grace"},
                                             {{"-x", "dir"}, option + "-x"},
                                             {{"-o", "-P", "dir"}, option + "-P"},
                                             {{"-Px", "dir"}, option + "-Px"},
                                             {{"-o", "-ix", "dir"}, option + "-ix"},
                                             {{"-g", "dir"}, number + "dir"},
                                             {{"-og"}, number + "-og"},
                                             {{"-o"}, directory + "-o"},
                                             {{}, directory + "nothing"},
                                             {{""}, directory + ""},
                                             {{"20", "dir", "log"}, "use a third word before the command: log"}}) {
        INFO(one.why);
        CHECK(Line(one.words).misused(true) == one.why);
        CHECK(Line(one.words).misused(false).empty());  // there the reference is followed
        std::vector<std::string> with_command = one.words;
        with_command.insert(with_command.end(), {"--", "sh"});
        if (one.words.size() > 1) CHECK(Line(with_command).misused(false) == one.why);
        std::vector<std::string> adopting = one.words;
        adopting.insert(adopting.begin(), "-i");
        if (one.words.size() > 1 && one.words[0] != "-Px") CHECK(Line(adopting).misused(false) == one.why);
    }
}

TEST_CASE("for a container nothing is wrong with what is documented")
{
    for (const auto& words :
         std::vector<std::vector<std::string>>{{"dir"},
                                               {"-P", "-io", "-g", "20", "dir"},
                                               {"--", "-dir"},
                                               {"dir", "log: ....", "--", "sh", "-x", "--help"},
                                               {"-iog20", "dir", "--"}}) {
        INFO(words.front());
        CHECK(Line(words).misused(true).empty());
        CHECK(Line(words).misused(false).empty());
    }
}
