#include "svlogd/log_config.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace runsuite::svlogd;
using namespace std::chrono_literals;

namespace {

struct Parsed {
    Config config;
    std::vector<unsigned> wrong_lines;
};

Parsed parse(std::string_view text, std::uint64_t line_length = 1000)
{
    static std::vector<Rule> rules;
    rules.assign(count_lines(text), {});
    Parsed parsed;
    parsed.config = parse_config(text, line_length, rules, [&](const Complaint& complaint) {
        parsed.wrong_lines.push_back(complaint.line);
    });
    return parsed;
}

bool is_fine(const Parsed& parsed)
{
    return parsed.wrong_lines.empty();
}

}  // namespace

TEST_CASE("an empty config is all defaults")
{
    const auto parsed = parse("");
    CHECK(is_fine(parsed));
    CHECK(parsed.config.size == 1000000);
    CHECK(parsed.config.keep == 10);
    CHECK(parsed.config.keep_at_least == 0);
    CHECK(parsed.config.max_age == 0s);
    CHECK(parsed.config.rules.empty());
}

TEST_CASE("empty lines and comments are ignored, and the last line may lack its newline")
{
    const auto parsed = parse("\n# s5\n\nn3");
    CHECK(is_fine(parsed));
    CHECK(parsed.config.keep == 3);
}

TEST_CASE("s takes k and m, t takes m and h")
{
    CHECK(parse("s16384\n").config.size == 16384);
    CHECK(parse("s16k\n").config.size == 16384);
    CHECK(parse("s2m\n").config.size == 2097152);
    CHECK(parse("s0\n").config.size == 0);
    CHECK(parse("t90\n").config.max_age == 90s);
    CHECK(parse("t2m\n").config.max_age == 120s);
    CHECK(parse("t3h\n").config.max_age == 3h);
}

TEST_CASE("a later line of a kind replaces an earlier one, patterns add up in order")
{
    const auto parsed = parse("n3\n-*\nn4\n+a*\ne*\nEb*\n");
    CHECK(parsed.config.keep == 4);
    REQUIRE(parsed.config.rules.size() == 4);
    CHECK(parsed.config.rules[0].does == Rule::Does::Deselect);
    CHECK(parsed.config.rules[1].pattern == "a*");
    CHECK(parsed.config.rules[3].does == Rule::Does::Silence);
    CHECK(parsed.config.filters());
    CHECK(parsed.config.alerts());
}

TEST_CASE("text values are taken as they are, blanks included")
{
    const auto parsed = parse("pweb: \n!gzip -9 <&0\n");
    CHECK(parsed.config.prefix == "web: ");
    CHECK(parsed.config.processor == "gzip -9 <&0");
}

TEST_CASE("udp targets are addresses of both families or names, with 514 as the port")
{
    const auto udp = [](std::string_view line) { return parse(line).config.udp; };
    CHECK(udp("u10.0.0.1\n").host == "10.0.0.1");
    CHECK(udp("u10.0.0.1\n").port == "514");
    CHECK(udp("u10.0.0.1:99\n").port == "99");
    CHECK(udp("u[::1]:99\n").host == "::1");
    CHECK(udp("u[::1]:99\n").port == "99");
    CHECK(udp("ufe80::1\n").host == "fe80::1");
    CHECK(udp("Ulog.example:5140\n").host == "log.example");
    CHECK(parse("U10.0.0.1\n").config.only_udp);
    CHECK_FALSE(parse("U10.0.0.1\nu10.0.0.1\n").config.only_udp);
}

TEST_CASE("a udp target that is none is complained about, and the lines stay in the directory")
{
    for (const char* line :
         {"U", "U:99", "U1.2.3.4:x", "U1.2.3.4:99999", "U1.2.3.4:0", "U[]", "U[::1", "U[::1]x:5"}) {
        INFO(line);
        const auto parsed = parse(line);
        CHECK(parsed.wrong_lines == std::vector<unsigned>{1});
        CHECK(parsed.config.udp.host.empty());
        CHECK_FALSE(parsed.config.only_udp);
    }
}

TEST_CASE("an address that is not of four plain numbers is complained about, not read in another way")
{
    for (const char* line : {"u1.2.3", "u1.2", "U7", "u1.2.3.4.5", "u1.2.3.400", "u010.0.0.1", "u1.2.3.0x4",
                             "u0x7f000001", "u1..2.3", "u127.1:99", "u-1.2.3.4", "uhost.1"}) {
        INFO(line);
        const auto parsed = parse(line);
        CHECK(parsed.wrong_lines == std::vector<unsigned>{1});
        CHECK(parsed.config.udp.host.empty());
    }
    for (const char* line : {"u0.0.0.0", "u255.255.255.255:1", "u1.2.3.4x", "u1and1.example", "u[::ffff:1.2.3.4]",
                             "u::1", "u10.0.0.1.example", "u1.2.3.4."}) {
        INFO(line);
        CHECK(is_fine(parse(line)));
    }
}

TEST_CASE("a udp line that is ignored changes nothing about the one before")
{
    const auto parsed = parse("u10.0.0.1\nU10.0.0.2:x\n");
    CHECK(parsed.wrong_lines == std::vector<unsigned>{2});
    CHECK(parsed.config.udp.host == "10.0.0.1");
    CHECK_FALSE(parsed.config.only_udp);
}

TEST_CASE("a size may be as large as any file, an age as long as any clock")
{
    CHECK(parse("s100000m\n").config.size == 104857600000);
    CHECK(is_fine(parse("s9223372036854775807\n")));
    CHECK(parse("s9223372036854775808\n").wrong_lines.size() == 1);
    CHECK(is_fine(parse("t1000000h\n")));
    CHECK(parse("t9223372036\n").wrong_lines.size() == 1);  // in nanoseconds, with the time of today
}

TEST_CASE("a size that nobody has set is twice a line length that is above it, without a word")
{
    const auto parsed = parse("n3\n", 1000000);
    CHECK(is_fine(parsed));
    CHECK(parsed.config.size == 2000000);
}

TEST_CASE("a number with a blank, a sign, a wrong unit or too many digits is complained about by its line")
{
    for (const char* line :
         {"s 1000", "s", "sx", "s10g", "s-1", "s10kk", "s99999999999999999999", "s9999999999999999m"}) {
        INFO(line);
        const auto parsed = parse(std::string("n3\n") + line);
        CHECK(parsed.wrong_lines == std::vector<unsigned>{2});
        CHECK(parsed.config.size == 1000000);
    }
    CHECK(parse("n 5").config.keep == 10);
    CHECK(parse("n5x").wrong_lines.size() == 1);
    CHECK(parse("Nmany").wrong_lines.size() == 1);
    CHECK(parse("t1d").config.max_age == 0s);
}

TEST_CASE("an s that is not above the line length becomes twice that, with a complaint by its line")
{
    const auto parsed = parse("n3\ns1000\n", 1000);
    CHECK(parsed.wrong_lines == std::vector<unsigned>{2});
    CHECK(parsed.config.size == 2000);
    CHECK(is_fine(parse("s1001\n", 1000)));
    CHECK(is_fine(parse("s0\n", 1000)));
}

TEST_CASE("an N that is not below n is complained about")
{
    const auto parsed = parse("n3\nN3\n");
    CHECK(parsed.wrong_lines == std::vector<unsigned>{2});
    CHECK(parsed.config.keep_at_least == 2);
    CHECK(is_fine(parse("n0\nN3\n")));
}

TEST_CASE("an unknown letter is complained about")
{
    CHECK(parse("zfoo\n").wrong_lines == std::vector<unsigned>{1});
    CHECK(parse("s5000\n\n size\n").wrong_lines == std::vector<unsigned>{3});
}

TEST_CASE("a mode is octal, for files that we can open and that do not look complete")
{
    CHECK(parse("m0640\n").config.mode == 0640);
    CHECK(is_fine(parse("m600\n")));
    for (const char* line : {"m", "m0740", "m0200", "m0999", "m01644", "mrw"}) {
        INFO(line);
        CHECK(parse(line).wrong_lines.size() == 1);
        CHECK(parse(line).config.mode == 0644);
    }
}

TEST_CASE("the letters of our own are checked as well")
{
    CHECK(parse("ddrop\n").config.on_full == DiskFull::Drop);
    CHECK(parse("dlose\n").wrong_lines.size() == 1);
    CHECK(parse("r14\n").config.syslog_priority == 14);
    CHECK(parse("r192\n").wrong_lines.size() == 1);
    CHECK(parse("jweb\n").config.format == LineFormat::Json);
    CHECK(parse("jweb\n").config.service == "web");
    CHECK(parse("owww-data:adm\n").config.owner == "www-data:adm");
}
