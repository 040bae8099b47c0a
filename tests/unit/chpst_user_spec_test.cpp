#include <string>
#include <vector>

#include "chpst/user_spec.hpp"
#include "support/catch.hpp"

using namespace runsuite::chpst;
using Kind = UserSpec::Kind;

namespace {

std::vector<std::string> groups_of(const UserSpec& spec)
{
    std::vector<std::string> words;
    for (Parts parts = spec.groups(); parts.has_next();) words.emplace_back(parts.next());
    return words;
}

std::string numbers(int count)
{
    std::string text = ":1";
    for (int group = 0; group < count; ++group) text.append(":").append(std::to_string(100 + group));
    return text;
}

}  // namespace

TEST_CASE("a user alone is a name without groups")
{
    const auto spec = parse_user_spec("nobody");
    CHECK(spec.kind == Kind::Names);
    CHECK(spec.user == "nobody");
    CHECK(groups_of(spec).empty());
    CHECK(spec.is_given());
    CHECK_FALSE(UserSpec{}.is_given());
}

TEST_CASE("groups behind a user are names in their order")
{
    const auto spec = parse_user_spec("nobody:daemon:mail");
    CHECK(groups_of(spec) == std::vector<std::string>{"daemon", "mail"});
    CHECK(spec.text == "nobody:daemon:mail");
}

TEST_CASE("a bare number is a name and not an id")
{
    CHECK(parse_user_spec("0").kind == Kind::Names);
    CHECK(parse_user_spec("0").user == "0");
}

TEST_CASE("an empty name stays there to be unknown")
{
    CHECK(parse_user_spec("").kind == Kind::Names);
    const auto spec = parse_user_spec("nobody:");
    CHECK(groups_of(spec) == std::vector<std::string>{""});
    CHECK(groups_of(parse_user_spec("nobody::daemon")) == std::vector<std::string>{"", "daemon"});
}

TEST_CASE("behind a first colon everything is a number")
{
    const auto spec = parse_user_spec(":5:6:7");
    CHECK(spec.kind == Kind::Numbers);
    CHECK(spec.uid == 5);
    CHECK(groups_of(spec) == std::vector<std::string>{"6", "7"});
    CHECK(parse_id("6") == 6u);
    CHECK(spec.text == "5:6:7");
}

TEST_CASE("numbers need a uid and a gid, and none may be empty or anything else")
{
    for (const char* wrong : {":", "::", "::5", ":5", ":5:", ":5::6", ":5:6:", ":x:5", ":5:x", ":5x:6", ":-1:5",
                              ":+1:5", ": 1:5", ":1:5 ", ":0x1:5"}) {
        INFO(wrong);
        CHECK(parse_user_spec(wrong).kind == Kind::InvalidNumbers);
    }
}

TEST_CASE("an id beyond 32 bits is refused and so is the one that means unchanged")
{
    CHECK(parse_user_spec(":4294967294:4294967294").kind == Kind::Numbers);
    CHECK(parse_user_spec(":4294967294:1").uid == 4294967294u);
    for (const char* wrong : {":4294967295:1", ":1:4294967295", ":4294967296:1", ":1:4294967296",
                              ":18446744073709551616:1", ":99999999999999999999999:1"}) {
        INFO(wrong);
        CHECK(parse_user_spec(wrong).kind == Kind::InvalidNumbers);
    }
}

TEST_CASE("sixty groups are taken and one more is refused")
{
    CHECK(parse_user_spec(numbers(60)).kind == Kind::Numbers);
    CHECK(parse_user_spec(numbers(61)).kind == Kind::InvalidNumbers);
    std::string names = "nobody";
    for (int group = 0; group < 60; ++group) names += ":daemon";
    CHECK(groups_of(parse_user_spec(names)).size() == 60);
    CHECK(parse_user_spec(names + ":daemon").kind == Kind::TooManyGroups);
}

TEST_CASE("an account is a name with whatever is in it")
{
    const auto spec = account_only(":1:1");
    CHECK(spec.kind == Kind::Account);
    CHECK(spec.user == ":1:1");
    CHECK(groups_of(spec).empty());
}

TEST_CASE("a comment, a line for another name service and nothing are no names of accounts")
{
    for (const char* name : {"", "#bob", "+", "+bob", "-bob"}) CHECK_FALSE(is_account_name(name));
    for (const char* name : {"bob", "1000", "b-o+b", "bob#"}) CHECK(is_account_name(name));
}
