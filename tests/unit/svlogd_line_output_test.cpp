#include "svlogd/line_output.hpp"

#include <random>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace runsuite::svlogd;

namespace {

// A line in pieces, each put behind what was left of the one before, as a log gets it from its input.
std::string json_of(const std::vector<std::string>& pieces, std::size_t room = 4096)
{
    std::string memory(room, '\0');
    LineOutput output{memory};
    std::string written;
    std::string left;
    for (std::size_t index = 0; index < pieces.size(); ++index) {
        left += pieces[index];
        const bool goes_on = index + 1 < pieces.size();
        for (std::size_t count = 1; count > 0;) {
            count = output.put_json(left, goes_on);
            left.erase(0, count);
            written += output.pending();
            output.written(output.pending().size());
        }
    }
    REQUIRE(left.empty());
    return written;
}

}  // namespace

TEST_CASE("what JSON keeps for itself is escaped, a newline ends the object")
{
    CHECK(json_of({"say \"hi\"\t\\ \r\x01\x7f\n"}) == R"(say \"hi\"\t\\ \r\u0001\u007f"})"
                                                      "\n");
}

TEST_CASE("characters of UTF-8 stay as they are, other bytes become the characters of their number")
{
    const std::string fine = "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xed\x9f\xbf \xf4\x8f\xbf\xbf";
    CHECK(json_of({fine}) == fine);
    CHECK(json_of({"\xff"}) == R"(\u00ff)");
    CHECK(json_of({"\x80\xc0\xaf"}) == R"(\u0080\u00c0\u00af)");              // overlong
    CHECK(json_of({"\xe0\x9f\xbf"}) == R"(\u00e0\u009f\u00bf)");              // overlong
    CHECK(json_of({"\xed\xa0\x80"}) == R"(\u00ed\u00a0\u0080)");              // a surrogate
    CHECK(json_of({"\xf4\x90\x80\x80"}) == R"(\u00f4\u0090\u0080\u0080)");    // beyond Unicode
    CHECK(json_of({"\xe2\x82x"}) == R"(\u00e2\u0082x)");                      // broken off
    CHECK(json_of({"\xe2\x82\xc3\xa9\n"}) == "\\u00e2\\u0082\xc3\xa9\"}\n");  // another in its midst
    CHECK(json_of({"\xf0\x9f"}) == R"(\u00f0\u009f)");
}

TEST_CASE("the start of a character is left until the rest has come, or nothing more comes")
{
    char memory[64];
    LineOutput output{memory};
    CHECK(output.put_json("caf\xc3", true) == 3);
    CHECK(output.pending() == "caf");
    CHECK(output.put_json("\xc3\xa9", true) == 2);
    CHECK(output.put_json("\xf0\x9f\x98", true) == 0);
    CHECK(output.put_json("\xf0\x9f\x98", false) == 3);
    CHECK(output.pending() == "caf\xc3\xa9\\u00f0\\u009f\\u0098");
}

TEST_CASE("split at any place, and whatever room there is, the JSON is the same")
{
    std::mt19937 random{11};
    const std::string letters = "a\"\n\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xff\x01";
    for (int round = 0; round < 200; ++round) {
        std::string text;
        for (int byte = 0; byte < 12; ++byte) text += letters[random() % letters.size()];
        const auto expected = json_of({text});
        CHECK(json_of({text}, 6) == expected);
        for (std::size_t split = 0; split <= text.size(); ++split) {
            REQUIRE(json_of({text.substr(0, split), text.substr(split)}) == expected);
        }
    }
}
