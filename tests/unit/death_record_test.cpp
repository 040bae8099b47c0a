#include "model/death_record.hpp"

#include <csignal>

#include "support/catch.hpp"

using namespace runsuite;
using namespace std::chrono_literals;
using Cause = DeathRecord::Cause;

namespace {

const Tai64n moment = Tai64n::from_unix(1'700'000'000s + 5ns);

std::string text_of(const DeathRecord& record)
{
    const auto line = record.encode();
    return {line.data(), line.size()};
}

}  // namespace

TEST_CASE("an end of ./run is a line of 80 bytes with blanks before its newline")
{
    const DeathRecord crash{moment, ExitRecord::of(SIGSEGV), true, 3200ms, false, Cause::None};
    std::string expected = "@400000006553f10a00000005 killed 11 core 3.200 unasked -";
    expected.resize(79, ' ');
    CHECK(text_of(crash) == expected + "\n");
    const DeathRecord probed{moment, ExitRecord::of(143 << 8), false, 61'007ms, true, Cause::Probe};
    expected = "@400000006553f10a00000005 exited 143 - 61.007 asked probe";
    expected.resize(79, ' ');
    CHECK(text_of(probed) == expected + "\n");
}

TEST_CASE("every end that can be written is read back as it was")
{
    for (const auto cause : {Cause::None, Cause::Probe, Cause::Watchdog, Cause::TimeoutUp, Cause::OutOfMemory}) {
        for (const auto ran : {0ms, 1ms, 999ms, 1000ms, 9'999'999'999'999ms}) {
            for (const ExitRecord end :
                 {ExitRecord::of(0), ExitRecord::of(255 << 8), ExitRecord::of(9), ExitRecord{}}) {
                for (const bool flag : {false, true}) {
                    const DeathRecord record{moment, end, flag, ran, !flag, cause};
                    CHECK(DeathRecord::decode(text_of(record)) == record);
                }
            }
        }
    }
}

TEST_CASE("a time that no line has room for, or that went back, is the nearest that there is room for")
{
    DeathRecord record{moment, ExitRecord::of(0), false, -5ms, false, Cause::None};
    CHECK(DeathRecord::decode(text_of(record))->ran == 0ms);
    record.ran = std::chrono::milliseconds::max();
    CHECK(DeathRecord::decode(text_of(record))->ran == 9'999'999'999'999ms);
}

TEST_CASE("what is no such line is no end")
{
    const std::string good = text_of({moment, ExitRecord::of(0), false, 1ms, false, Cause::None});
    REQUIRE(DeathRecord::decode(good));
    CHECK_FALSE(DeathRecord::decode(""));
    CHECK_FALSE(DeathRecord::decode(good + "\n"));
    CHECK_FALSE(DeathRecord::decode(good.substr(1) + "\n"));
    for (const char* begin : {"@400000006553f10a0000000x exited 0 - 0.001 unasked -", "@400000006553f10a00000005",
                              "@400000006553f10a00000005 ended 0 - 0.001 unasked -",
                              "@400000006553f10a00000005 exited 256 - 0.001 unasked -",
                              "@400000006553f10a00000005 unknown 1 - 0.001 unasked -",
                              "@400000006553f10a00000005 exited 0 yes 0.001 unasked -",
                              "@400000006553f10a00000005 exited 0 - 0.01 unasked -",
                              "@400000006553f10a00000005 exited 0 - 99999999999.001 unasked -",
                              "@400000006553f10a00000005 exited 0 - 0.001 wanted -",
                              "@400000006553f10a00000005 exited 0 - 0.001 unasked"}) {
        std::string line = begin;
        line.resize(79, ' ');
        INFO(line);
        CHECK_FALSE(DeathRecord::decode(line + "\n"));
    }
    for (std::size_t size = 0; size < good.size(); ++size) CHECK_FALSE(DeathRecord::decode(good.substr(0, size)));
}

TEST_CASE("a cause that a later version may write is none to this one")
{
    std::string line = "@400000006553f10a00000005 exited 0 - 0.001 unasked boredom";
    line.resize(79, ' ');
    const auto record = DeathRecord::decode(line + "\n");
    REQUIRE(record);
    CHECK(record->cause == Cause::None);
}
