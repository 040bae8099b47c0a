#include "svlogd/rotation.hpp"

#include <string>

#include "support/catch.hpp"

using namespace runsuite;
using namespace runsuite::svlogd;

TEST_CASE("a size of 0 never cuts")
{
    CHECK(next_cut({0, 1000}, 1u << 30, false, "line\n") == Cut{5, false});
}

TEST_CASE("current is full after the first line that leaves less than the line length")
{
    const Limits limits{100, 20};
    CHECK(next_cut(limits, 0, false, std::string(50, 'x') + "\n") == Cut{51, false});
    CHECK(next_cut(limits, 78, false, "x\ny\n") == Cut{2, true});
    CHECK(next_cut(limits, 77, false, "x\ny\n") == Cut{4, true});
    CHECK(next_cut(limits, 0, false, std::string(79, 'x') + "\nnext\n") == Cut{80, true});
    CHECK(next_cut(limits, 0, false, std::string(78, 'x') + "\nnext\n") == Cut{84, true});
}

TEST_CASE("current never has more bytes than its size, even if that cuts a line")
{
    const Limits limits{100, 20};
    CHECK(next_cut(limits, 0, false, std::string(300, 'x') + "\n") == Cut{100, true});
    CHECK(next_cut(limits, 99, false, "abc\n") == Cut{1, true});
    CHECK(next_cut(limits, 100, false, "abc\n") == Cut{0, true});
    CHECK(next_cut(limits, 5000, false, "abc\n") == Cut{0, true});
}

TEST_CASE("the end of a line is enough when a rotation is due, whatever the size")
{
    CHECK(next_cut({0, 1000}, 7, true, "ab\ncd\n") == Cut{3, true});
    CHECK(next_cut({100000, 1000}, 7, true, "ab\ncd\n") == Cut{3, true});
    CHECK(next_cut({0, 1000}, 7, true, "abcd") == Cut{4, false});
}

TEST_CASE("lines cut one by one and all at once end in the same files")
{
    const Limits limits{97, 13};
    std::string text;
    for (int line = 0; line < 200; ++line)
        text += std::string(static_cast<std::size_t>(line * 7 % 31), 'x') + "\n";
    const auto files = [&](std::size_t step) {
        std::string sizes;
        std::uint64_t filled = 0;
        for (std::size_t at = 0; at < text.size(); at += step) {
            std::string_view rest = std::string_view(text).substr(at, step);
            while (!rest.empty()) {
                const Cut cut = next_cut(limits, filled, false, rest);
                filled += cut.count;
                rest.remove_prefix(cut.count);
                if (!cut.rotate) continue;
                sizes += std::to_string(filled) + " ";
                filled = 0;
            }
        }
        return sizes + std::to_string(filled);
    };
    const auto whole = files(text.size());
    for (std::size_t step = 1; step < 150; ++step) CHECK(files(step) == whole);
}

TEST_CASE("an old file is named by the moment of its rotation and by its kind")
{
    const Tai64n moment{0x400000006b00a514, 0x03cd9c24};
    CHECK(old_name(moment, Kind::Complete).view() == "@400000006b00a51403cd9c24.s");
    CHECK(old_name(moment, Kind::Unprocessed).view() == "@400000006b00a51403cd9c24.u");
    CHECK(is_kind(old_name(moment, Kind::Scratch).view(), Kind::Scratch));
    CHECK(moment_of("@400000006b00a51403cd9c24.s") == moment);
}

TEST_CASE("only names of 27 characters that start with @ count as old files")
{
    CHECK(is_old_name("@400000006b00a51403cd9c24.s"));
    CHECK(is_old_name("@zzzzzzzzzzzzzzzzzzzzzzzz.x"));
    CHECK_FALSE(is_old_name("@400000006b00a51403cd9c24.ss"));
    CHECK_FALSE(is_old_name("current"));
    CHECK_FALSE(moment_of("@zzzzzzzzzzzzzzzzzzzzzzzz.x"));
    CHECK_FALSE(moment_of("@ffffffffffffffffffffffff.s"));
}

TEST_CASE("a rotation is named later than every one before, also when the clock was set back")
{
    const Tai64n early{100, 5};
    const Tai64n late{200, 999999999};
    CHECK(next_moment(late, early) == late);
    CHECK(next_moment(early, late) == Tai64n{201, 0});
    CHECK(next_moment(early, early) == Tai64n{100, 6});
}
