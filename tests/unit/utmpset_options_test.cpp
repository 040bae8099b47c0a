#include <string>
#include <vector>

#include "init/utmpset_options.hpp"
#include "support/catch.hpp"

using namespace runsuite::utmpset;

namespace {

Parsed parsed(std::vector<const char*> words)
{
    words.push_back(nullptr);
    return parse(words.data());
}

}  // namespace

TEST_CASE("a line is enough, and the files are the system's")
{
    const auto result = parsed({"tty1"});
    REQUIRE(result.usage == Usage::Good);
    CHECK(std::string(result.options.line) == "tty1");
    CHECK_FALSE(result.options.writes_wtmp);
    CHECK(result.options.utmp[0] == '/');
    CHECK(result.options.wtmp[0] == '/');
}

TEST_CASE("w asks for wtmp, and W for another one")
{
    CHECK(parsed({"-w", "tty1"}).options.writes_wtmp);
    CHECK(parsed({"-ww", "tty1"}).options.writes_wtmp);
    const auto other = parsed({"-W", "file", "tty1"}).options;
    CHECK(other.writes_wtmp);
    CHECK(std::string(other.wtmp) == "file");
}

TEST_CASE("a file comes in the same word or in the next one")
{
    CHECK(std::string(parsed({"-u", "file", "tty1"}).options.utmp) == "file");
    CHECK(std::string(parsed({"-ufile", "tty1"}).options.utmp) == "file");
    const auto both = parsed({"-wu", "one", "-Wtwo", "tty1"});
    CHECK(both.usage == Usage::Good);
    CHECK(std::string(both.options.utmp) == "one");
    CHECK(std::string(both.options.wtmp) == "two");
    CHECK(std::string(both.options.line) == "tty1");
}

TEST_CASE("options end with the line, with two dashes and with a dash alone")
{
    CHECK_FALSE(parsed({"tty1", "-w"}).options.writes_wtmp);
    CHECK(std::string(parsed({"--", "-w"}).options.line) == "-w");
    CHECK(std::string(parsed({"-", "tty1"}).options.line) == "-");
}

TEST_CASE("without a line, with an unknown option and without a file it is wrong usage")
{
    CHECK(parsed({}).usage == Usage::Wrong);
    CHECK(parsed({"-w"}).usage == Usage::Wrong);
    CHECK(parsed({"-w", "--"}).usage == Usage::Wrong);
    CHECK(parsed({"-wx", "tty1"}).usage == Usage::UnknownOption);
    CHECK(parsed({"-wx", "tty1"}).option == 'x');
    CHECK(parsed({"-u"}).usage == Usage::ArgumentMissing);
    CHECK(parsed({"-u"}).option == 'u');
    CHECK(parsed({"-V", "tty1"}).usage == Usage::Version);
}
