#include <string>

#include "chpst/env_file.hpp"
#include "support/catch.hpp"

using namespace runsuite::chpst;

namespace {

std::optional<std::string> decoded(std::string contents)
{
    const auto value = decode_env_file(contents);
    if (!value) return std::nullopt;
    return std::string(*value);
}

}  // namespace

TEST_CASE("an empty file removes the variable")
{
    CHECK(decoded("") == std::nullopt);
}

TEST_CASE("an empty first line is an empty value")
{
    CHECK(decoded("\n") == "");
    CHECK(decoded("\nsecond") == "");
    CHECK(decoded(" \t\n") == "");
    CHECK(decoded(" ") == "");
}

TEST_CASE("the first line is the value with and without its newline")
{
    CHECK(decoded("value") == "value");
    CHECK(decoded("value\n") == "value");
    CHECK(decoded("value\nsecond\n") == "value");
}

TEST_CASE("blanks are cut at the end and kept in front")
{
    CHECK(decoded("a b \t \n") == "a b");
    CHECK(decoded(" \ta") == " \ta");
    CHECK(decoded("a\r\n") == "a\r");
}

TEST_CASE("a NUL becomes a newline after blanks were cut")
{
    using namespace std::string_literals;
    CHECK(decoded("a\0b"s) == "a\nb");
    CHECK(decoded("a\0b \0\n"s) == "a\nb \n");
    CHECK(decoded("\0"s) == "\n");
    CHECK(decoded("a\0 \t"s) == "a\n");
}

TEST_CASE("dot files say nothing and a name with an equals sign is none")
{
    CHECK_FALSE(is_variable_file(".hidden"));
    CHECK_FALSE(is_variable_file("."));
    CHECK(is_variable_file("PATH"));
    CHECK(is_variable_name("PATH"));
    CHECK(is_variable_name("with space"));
    CHECK_FALSE(is_variable_name("A=B"));
    CHECK_FALSE(is_variable_name("="));
    CHECK_FALSE(is_variable_name(""));
}

TEST_CASE("reading ends with the first newline")
{
    CHECK(has_first_line("a\nb"));
    CHECK_FALSE(has_first_line("ab"));
}
