#include "base/fixed_string.hpp"

#include <limits>
#include <string>
#include "base/parse.hpp"
#include "base/result.hpp"
#include "model/command.hpp"
#include "support/catch.hpp"

using namespace runsuite;

TEST_CASE("a number is written with all its digits, however large, small or negative")
{
    const auto text = [](auto number) { return std::string(FixedString<30>{}.append_number(number).view()); };
    CHECK(text(0) == "0");
    CHECK(text(10u) == "10");
    CHECK(text(-1) == "-1");
    CHECK(text(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(text(std::numeric_limits<std::int64_t>::max()) == "9223372036854775807");
    CHECK(text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(text(static_cast<signed char>(-128)) == "-128");
}

TEST_CASE("a fixed string cuts what does not fit and says so")
{
    FixedString<5> text{"abc"};
    CHECK_FALSE(text.was_cut());
    text.append("defg");
    CHECK(text.view() == "abcde");
    CHECK(text.was_cut());
    CHECK(text.c_str()[5] == '\0');
}

TEST_CASE("a fixed string starts empty and takes numbers")
{
    FixedString<20> text;
    CHECK(std::string_view(text.c_str()).empty());
    text.append_number(-12).append(" ").append_number(7u);
    CHECK(text.view() == "-12 7");
}

TEST_CASE("a number is parsed whole or not at all")
{
    CHECK(parse_number<int>("42") == 42);
    CHECK(parse_number<int>("-1") == -1);
    CHECK_FALSE(parse_number<unsigned>("-1"));
    CHECK_FALSE(parse_number<int>(""));
    CHECK_FALSE(parse_number<int>("4x"));
    CHECK_FALSE(parse_number<int>(" 4"));
    CHECK_FALSE(parse_number<unsigned char>("256"));
}

TEST_CASE("a result is a value or the reason why there is none")
{
    Result<int> good{7};
    REQUIRE(good);
    CHECK(*good == 7);
    const Result<int> bad{Error{"open it", ENOENT}};
    REQUIRE_FALSE(bad);
    CHECK(bad.error() == Error{"open it", ENOENT});
}

TEST_CASE("every command byte is found and no other byte is a command")
{
    for (int byte = 0; byte < 256; ++byte) {
        const bool known =
            std::string_view("udoxpchaiq12tk").find(static_cast<char>(byte)) != std::string_view::npos;
        CHECK(command_of(static_cast<char>(byte)).has_value() == known);
    }
    CHECK(signal_of(Command::Terminate) == SIGTERM);
    CHECK(signal_of(Command::Up) == 0);
}
