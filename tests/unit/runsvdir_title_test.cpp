#include <string>

#include "runsvdir/title_text.hpp"
#include "support/catch.hpp"

using namespace runsuite::runsvdir;

namespace {

std::string scrolled(std::string title, std::string_view bytes)
{
    scroll_in(title, bytes);
    return title;
}

}  // namespace

TEST_CASE("the text moves to the left behind the first five characters")
{
    CHECK(scrolled("log: abcdef", "1") == "log: bcdef1");
    CHECK(scrolled("log: abcdef", "123") == "log: def123");
    CHECK(scrolled("log: abcdef", "") == "log: abcdef");
}

TEST_CASE("of more text than there is room for the end stays")
{
    CHECK(scrolled("log: abc", "123") == "log: 123");
    CHECK(scrolled("log: abc", "1234567") == "log: 567");
}

TEST_CASE("NUL bytes are left out, other control characters are not")
{
    using namespace std::string_view_literals;
    CHECK(scrolled("log: abcd", "\0x\0"sv) == "log: bcdx");
    CHECK(scrolled("log: abcd", "\0\0\0\0\0\0"sv) == "log: abcd");
    CHECK(scrolled("log: abcd", "1\0002\0003\0004\0005\0"sv) == "log: 2345");
    CHECK(scrolled("log: abcd", "\n\1") == "log: cd\n\1");
}

TEST_CASE("whatever the splits, the text is the same")
{
    const std::string text = "one\ntwo three";
    for (std::size_t first = 0; first <= text.size(); ++first) {
        const std::string whole = scrolled("log: ........", text);
        const std::string parts = scrolled(scrolled("log: ........", text.substr(0, first)), text.substr(first));
        CHECK(parts == whole);
    }
}

TEST_CASE("fewer than seven characters are not touched")
{
    CHECK(scrolled("log: x", "abc") == "log: x");
    CHECK(scrolled("log: xy", "abc") == "log: bc");
}
