#include "sv/options.hpp"

#include <string>
#include <vector>

#include "model/command.hpp"
#include "support/catch.hpp"

using namespace runsuite;
using sv::Usage;

namespace {

struct Given {
    std::vector<const char*> argv;
    sv::Parsed parsed;

    explicit Given(std::vector<const char*> words, sv::Environment environment = {nullptr, nullptr})
        : argv(std::move(words))
    {
        parsed = sv::parse(static_cast<int>(argv.size()), argv.data(), environment);
    }

    const sv::Options& options() const { return parsed.options; }
    std::vector<std::string> services() const { return {options().services.begin(), options().services.end()}; }
};

std::string bytes_of(const char* word, bool init_script = false)
{
    const auto* found = sv::find_command(word, init_script);
    return found != nullptr ? found->bytes : "usage";
}

}  // namespace

TEST_CASE("a command word and services")
{
    const Given given{{"/usr/bin/sv", "stop", "a", "b"}};
    CHECK(given.parsed.usage == Usage::Good);
    CHECK(std::string(given.options().command->word) == "stop");
    CHECK(given.services() == std::vector<std::string>{"a", "b"});
    CHECK_FALSE(given.options().init_script);
    CHECK(given.options().timeout == std::chrono::seconds(7));
    CHECK(std::string(given.options().services_directory) == RUNSUITE_SERVICE_DIR);
}

TEST_CASE("SVDIR is the services directory, SVWAIT the time, and -w goes before it")
{
    CHECK(std::string(Given{{"sv", "s"}, {"/x", nullptr}}.options().services_directory) == "/x");
    CHECK(Given{{"sv", "start", "a"}, {nullptr, "30"}}.options().timeout == std::chrono::seconds(30));
    CHECK(Given{{"sv", "-w", "4", "start", "a"}, {nullptr, "30"}}.options().timeout == std::chrono::seconds(4));
}

TEST_CASE("letters of commands wait only with -v, and -w implies it")
{
    CHECK_FALSE(Given{{"sv", "up", "a"}}.options().waits);
    CHECK(Given{{"sv", "-v", "up", "a"}}.options().waits);
    CHECK(Given{{"sv", "-w", "3", "up", "a"}}.options().waits);
    CHECK(Given{{"sv", "-vw3", "up", "a"}}.options().waits);
    CHECK(Given{{"sv", "-vw3", "up", "a"}}.options().timeout == std::chrono::seconds(3));
    CHECK(Given{{"sv", "start", "a"}}.options().waits);
    CHECK(Given{{"sv", "check", "a"}}.options().waits);
}

TEST_CASE("a time starts with a digit and is read up to the first character that is none")
{
    CHECK(Given{{"sv", "-w", "12x", "up", "a"}}.options().timeout == std::chrono::seconds(12));
    CHECK(Given{{"sv", "-w", "0", "up", "a"}}.options().timeout == std::chrono::seconds(0));
    CHECK(Given{{"sv", "-w", "abc", "up", "a"}}.parsed.usage == Usage::NoNumber);
    CHECK(Given{{"sv", "-w", "", "up", "a"}}.parsed.usage == Usage::NoNumber);
    CHECK(Given{{"sv", "-w", "-1", "up", "a"}}.parsed.usage == Usage::NoNumber);
}

TEST_CASE("SVSETTLE is a number of seconds with decimals, and anything else is told")
{
    const auto settle = [](const char* text) {
        return Given{{"sv", "start", "a"}, {nullptr, nullptr, text}}.options().settle;
    };
    CHECK(Given{{"sv", "start", "a"}}.options().settle == std::chrono::milliseconds(100));
    CHECK(settle("0") == std::chrono::seconds(0));
    CHECK(settle("2") == std::chrono::seconds(2));
    CHECK(settle("0.25") == std::chrono::milliseconds(250));
    CHECK(settle("1.") == std::chrono::seconds(1));
    for (const char* text : {"", ".5", "x", "1x", "-1", "1.5.2"}) {
        const Given given{{"sv", "start", "a"}, {nullptr, nullptr, text}};
        CHECK(given.parsed.ignored_svsettle);
        CHECK(given.options().settle == std::chrono::milliseconds(100));
    }
}

TEST_CASE("help and version are asked for by an option")
{
    CHECK(Given{{"sv", "--help"}}.parsed.usage == Usage::Help);
    CHECK(Given{{"sv", "-v", "--help"}}.parsed.usage == Usage::Help);
    CHECK(Given{{"sv", "--version"}}.parsed.usage == Usage::Version);
    CHECK(Given{{"sv", "-V"}}.parsed.usage == Usage::Version);
    CHECK(Given{{"sv", "--helpless"}}.parsed.usage == Usage::UnknownOption);
}

TEST_CASE("a time beyond all measure is a very long one")
{
    CHECK(Given{{"sv", "-w", "9300000000", "up", "a"}}.options().timeout == std::chrono::seconds(3000000000));
    const Given given{{"sv", "-w", "99999999999999999999999999", "up", "a"}};
    CHECK(given.options().timeout > std::chrono::hours(24 * 365));
    CHECK(given.options().timeout < std::chrono::hours(24 * 365 * 200));
}

TEST_CASE("SVWAIT that is no number is told and otherwise ignored")
{
    const Given given{{"sv", "start", "a"}, {nullptr, "soon"}};
    CHECK(given.parsed.usage == Usage::Good);
    CHECK(given.parsed.ignored_svwait);
    CHECK(given.options().timeout == std::chrono::seconds(7));
    CHECK_FALSE(Given{{"sv", "-w", "1", "start", "a"}, {nullptr, "soon"}}.parsed.ignored_svwait);
}

TEST_CASE("wrong usage is told apart")
{
    CHECK(Given{{"sv"}}.parsed.usage == Usage::Wrong);
    CHECK(Given{{"sv", "start"}}.parsed.usage == Usage::Wrong);
    CHECK(Given{{"sv", "nonsense", "a"}}.parsed.usage == Usage::Wrong);
    CHECK(Given{{"sv", "", "a"}}.parsed.usage == Usage::Wrong);
    CHECK(Given{{"sv", "-x", "s", "a"}}.parsed.usage == Usage::UnknownOption);
    CHECK(Given{{"sv", "-x", "s", "a"}}.parsed.option == 'x');
    CHECK(Given{{"sv", "-w"}}.parsed.usage == Usage::ArgumentMissing);
    CHECK(Given{{"sv", "-V"}}.parsed.usage == Usage::Version);
    CHECK(Given{{"sv"}}.parsed.usage_code() == 100);
    CHECK(Given{{}}.parsed.usage == Usage::Wrong);
}

TEST_CASE("status alone may do without services: all are meant")
{
    CHECK(Given{{"sv", "status"}}.parsed.usage == Usage::Good);
    CHECK(Given{{"sv", "s"}}.services().empty());
    CHECK(Given{{"sv", "check"}}.parsed.usage == Usage::Wrong);
}

TEST_CASE("the first word that is no option ends the options")
{
    CHECK(Given{{"sv", "status", "-v"}}.services() == std::vector<std::string>{"-v"});
    CHECK(Given{{"sv", "--", "status", "a"}}.services() == std::vector<std::string>{"a"});
}

TEST_CASE("another name than sv is an init script: its base name is the service")
{
    const Given given{{"/etc/init.d/web", "restart", "ignored"}};
    CHECK(given.parsed.usage == Usage::Good);
    CHECK(given.options().init_script);
    CHECK(given.services() == std::vector<std::string>{"web"});
    CHECK(Given{{"web"}}.parsed.usage == Usage::Wrong);
    CHECK(Given{{"web"}}.parsed.usage_code() == 2);
    CHECK(Given{{"web", "s"}}.parsed.usage == Usage::Wrong);
    CHECK(Given{{"web", "status"}}.parsed.usage == Usage::Good);
    CHECK(Given{{"web", "st"}}.parsed.usage == Usage::Wrong);
    CHECK(Given{{"web", "e"}}.parsed.usage == Usage::Good);
}

TEST_CASE("words are written as their bytes")
{
    const std::vector<std::pair<const char*, const char*>> expected{
        {"start", "u"},
        {"stop", "d"},
        {"restart", "tcu"},
        {"try-restart", "tc"},
        {"reload", "h"},
        {"shutdown", "x"},
        {"force-stop", "d"},
        {"force-restart", "tcu"},
        {"force-reload", "tc"},
        {"force-shutdown", "x"},
        {"check", ""},
        {"status", ""},
        {"D", "d"},
        {"T", "tc"},
        {"X", "x"},
        {"E", "x"},
        {"exit", "x"},
        {"e", "x"},
        {"x", "x"},
        {"interrupt", "i"},
        {"1", "1"},
        {"chec", "c"},
        {"try", "t"},
        {"r", "usage"},
        {"restar", "usage"},
        {"force", "usage"},
        {"f", "usage"},
        {"Z", "usage"},
        {"u", "u"},
        {"do", "d"},
        {"int", "i"},
        {"stat", ""},
        {"sto", ""},
        // Neither a verb nor the beginning of one.
        {"enable", "usage"},
        {"ps", "usage"},
        {"kick", "usage"},
        {"info", "usage"},
        {"help", "usage"},
        {"usr1", "usage"},
        {"downn", "usage"},
        {"2x", "usage"},
        {"startx", "usage"},
        {"show", "usage"},
        {"", "usage"},
    };
    for (const auto& [word, bytes] : expected) {
        INFO(word);
        CHECK(bytes_of(word) == bytes);
    }
}

TEST_CASE("every row of the table is found by its own word, before any letter")
{
    for (const auto& row : sv::command_words) CHECK(sv::find_command(row.word, false) == &row);
}

TEST_CASE("whole words come before letters, or a letter would hide them")
{
    bool letters = false;
    for (const auto& row : sv::command_words) {
        if (row.spelling == sv::Spelling::Letter) letters = true;
        else CHECK_FALSE(letters);
    }
}

TEST_CASE("every byte that sv writes is one that runsv knows, and sv can send each of those")
{
    std::string sent;
    for (const auto& row : sv::command_words) sent += row.bytes;
    for (const char byte : sent) CHECK(command_of(byte).has_value());
    for (const auto& row : command_table) CHECK(sent.find(static_cast<char>(row.command)) != std::string::npos);
}
