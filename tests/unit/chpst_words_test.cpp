#include <limits>

#include "chpst/capability.hpp"
#include "chpst/number.hpp"
#include "chpst/scheduling.hpp"
#include "chpst/signal_name.hpp"
#include "chpst/words.hpp"
#include "support/catch.hpp"

using namespace runsuite::chpst;

TEST_CASE("a number is digits up to its limit and nothing else")
{
    CHECK(parse_unsigned("0", 10) == 0u);
    CHECK(parse_unsigned("10", 10) == 10u);
    CHECK(parse_unsigned("007", 10) == 7u);
    CHECK_FALSE(parse_unsigned("11", 10));
    CHECK_FALSE(parse_unsigned("7", 3));
    for (const char* wrong : {"", "-1", "+1", " 1", "1 ", "1x", "0x1", "1\n"})
        CHECK_FALSE(parse_unsigned(wrong, 10));
    constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
    CHECK(parse_unsigned("18446744073709551615", largest) == largest);
    CHECK_FALSE(parse_unsigned("18446744073709551616", largest));
    CHECK_FALSE(parse_unsigned("99999999999999999999", largest));
}

TEST_CASE("an octal number has no eight")
{
    CHECK(parse_unsigned("0777", 0777, 8) == 0777u);
    CHECK_FALSE(parse_unsigned("8", 0777, 8));
    CHECK_FALSE(parse_unsigned("1000", 0777, 8));
}

TEST_CASE("a signed number has one sign at most")
{
    CHECK(parse_signed("+5", -20, 20) == 5);
    CHECK(parse_signed("-5", -20, 20) == -5);
    CHECK(parse_signed("5", -20, 20) == 5);
    CHECK(parse_signed("-20", -20, 20) == -20);
    for (const char* wrong : {"", "+", "-", "+-5", "--5", "5-", "21", "-21", "x"}) {
        CHECK_FALSE(parse_signed(wrong, -20, 20));
    }
}

TEST_CASE("digits are those of the number")
{
    CHECK(Digits(0).view() == "0");
    CHECK(Digits(-17).view() == "-17");
    CHECK(Digits(4294967294).view() == "4294967294");
    CHECK(Digits::of_unsigned(18446744073709551615u).view() == "18446744073709551615");
}

TEST_CASE("text falls into one part more than it has separators")
{
    Parts none{"", ','};
    CHECK(none.next().empty());
    CHECK_FALSE(none.has_next());
    Parts three{"a,,b", ','};
    CHECK(three.next() == "a");
    CHECK(three.next().empty());
    CHECK(three.next() == "b");
    CHECK_FALSE(three.has_next());
}

TEST_CASE("capabilities are added and removed from left to right")
{
    const auto change = parse_capability_change("-all,+net_bind_service,+CAP_CHOWN");
    REQUIRE(change);
    CHECK(change->of(~CapabilitySet{0}) == (1u << 10 | 1u << 0));
    CHECK(change->named == (1u << 10 | 1u << 0));
    CHECK(parse_capability_change("+chown,-chown")->of(1) == 0);
    CHECK(parse_capability_change("-chown,+chown")->of(0) == 1);
    CHECK(parse_capability_change("+all")->named == 0);
    CHECK(parse_capability_change("+all,-chown")->of(0) == ~CapabilitySet{1});
    CHECK(parse_capability_change("+cap_63")->of(0) == CapabilitySet{1} << 63);
}

TEST_CASE("a capability needs a sign and a name")
{
    for (const char* wrong : {"", "chown", "+", "+nonsense", "+chown,", ",+chown", "+chown,,+kill", "+cap_64",
                              "+cap_", "+12", "+cap_all", "*chown", "+ chown"}) {
        INFO(wrong);
        CHECK_FALSE(parse_capability_change(wrong).has_value());
    }
}

TEST_CASE("every capability is found by the name it has")
{
    for (unsigned number = 0; capability_name(number) != nullptr; ++number) {
        const auto change = parse_capability_change(std::string("+") + capability_name(number));
        REQUIRE(change);
        CHECK(change->add == CapabilitySet{1} << number);
    }
    CHECK(std::string(capability_name(40)) == "checkpoint_restore");
    CHECK(capability_name(41) == nullptr);
}

TEST_CASE("a list of CPUs has numbers and ranges")
{
    const auto set = parse_cpu_list("0,4-7,1023");
    REQUIRE(set);
    CHECK((set->has(0) && set->has(4) && set->has(5) && set->has(7) && set->has(1023)));
    CHECK_FALSE((set->has(1) || set->has(3) || set->has(8)));
    for (const char* wrong : {"", ",", "0,", "1024", "5-4", "1-", "-1", "1-2-3", "a", "0-99999999999999999999"}) {
        INFO(wrong);
        CHECK_FALSE(parse_cpu_list(wrong).has_value());
    }
}

TEST_CASE("a scheduling policy has a priority exactly when it is a real-time one")
{
    CHECK(parse_scheduling("other") == Scheduling{0, 0});
    CHECK(parse_scheduling("batch") == Scheduling{3, 0});
    CHECK(parse_scheduling("idle") == Scheduling{5, 0});
    CHECK(parse_scheduling("fifo:1") == Scheduling{1, 1});
    CHECK(parse_scheduling("rr:99") == Scheduling{2, 99});
    for (const char* wrong :
         {"", "fifo", "rr", "fifo:0", "fifo:100", "other:1", "fifo:", "fifo:1:2", "FIFO:1", "x"}) {
        INFO(wrong);
        CHECK_FALSE(parse_scheduling(wrong).has_value());
    }
    CHECK(policy_name(2) == "rr");
}

TEST_CASE("a signal is a name with or without SIG or a number")
{
    CHECK(parse_signal("TERM") == 15);
    CHECK(parse_signal("SIGKILL") == 9);
    CHECK(parse_signal("64") == 64);
    for (const char* wrong : {"", "0", "65", "-1", "term", "SIG", "SIG15", "SIGSIGTERM"}) {
        CHECK_FALSE(parse_signal(wrong).has_value());
    }
}
