#include "support/catch.hpp"
#include "svlogd/pattern.hpp"

using runsuite::svlogd::matches;

TEST_CASE("a pattern without stars and pluses matches only itself")
{
    CHECK(matches("abc", "abc"));
    CHECK_FALSE(matches("abc", "abcd"));
    CHECK_FALSE(matches("abc", "ab"));
    CHECK_FALSE(matches("abc", ""));
    CHECK(matches("", ""));
    CHECK_FALSE(matches("", "a"));
}

TEST_CASE("a star at the end matches any rest, also none")
{
    CHECK(matches("*", ""));
    CHECK(matches("*", "anything"));
    CHECK(matches("ab*", "ab"));
    CHECK(matches("ab*", "abc"));
    CHECK_FALSE(matches("ab*", "a"));
}

TEST_CASE("a star before a character stops at the first one")
{
    CHECK(matches("*b", "aab"));
    CHECK(matches("*b", "b"));
    CHECK_FALSE(matches("*b", "aabb"));
    CHECK_FALSE(matches("*pid*", "tcpsvd: info: pid 1977 from 10.4.1.14"));
    CHECK(matches("*: *: pid *", "tcpsvd: info: pid 1977 from 10.4.1.14"));
}

TEST_CASE("a plus matches as many of the next character as there are, and at least one")
{
    CHECK(matches("+a", "a"));
    CHECK(matches("+a", "aaa"));
    CHECK_FALSE(matches("+a", ""));
    CHECK_FALSE(matches("+a", "ab"));
    CHECK(matches("x+y", "xyyy"));
    CHECK_FALSE(matches("x+y", "x"));
    CHECK_FALSE(matches("+aa", "aa"));
}

TEST_CASE("a pattern that goes on after a plus does not match a message that ends there")
{
    CHECK_FALSE(matches("+ab", "aaa"));
    CHECK(matches("+ab", "aab"));
}

TEST_CASE("a plus takes stars and pluses as plain characters, a star looks for the next one by its own rule")
{
    CHECK(matches("++", "++"));
    CHECK(matches("+*", "***"));
    CHECK(matches("**", "a*"));
    CHECK(matches("*+a", "x+a") == false);
    CHECK(matches("a+", "a"));
}

TEST_CASE("bytes beyond the message are not looked at")
{
    const std::string_view buffer = "xyz";
    CHECK_FALSE(matches("x+y", buffer.substr(0, 1)));
    CHECK(matches("x", buffer.substr(0, 1)));
}
