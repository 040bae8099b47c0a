#include "svlogd/pace.hpp"

#include "support/catch.hpp"

using namespace runsuite;
using namespace runsuite::svlogd;
using namespace std::chrono_literals;

namespace {

// Reads of `count` bytes, each `apart` from the one before, until one lets the next bytes gather.
int reads_until_gathering(Pace& pace, std::size_t count, Instant apart, int most = 1000)
{
    Instant now = 10s;
    for (int reads = 1; reads <= most; ++reads, now += apart) {
        if (pace.lets_gather(now, count)) return reads;
    }
    return 0;
}

}  // namespace

TEST_CASE("lines that come one by one are never kept waiting")
{
    Pace pace;
    CHECK(reads_until_gathering(pace, 100, 200us) == 0);
}

TEST_CASE("a few lines that come together are not kept waiting")
{
    Pace pace;
    for (Instant start = 1s; start < 100s; start += 1ms) {
        for (int line = 0; line < 10; ++line) REQUIRE_FALSE(pace.lets_gather(start + line * 1us, 100));
    }
}

TEST_CASE("a stream of small writes is left to gather")
{
    Pace pace;
    CHECK(reads_until_gathering(pace, 100, 2us) == 17);
}

TEST_CASE("large writes are taken at once, however fast they come")
{
    Pace pace;
    CHECK(reads_until_gathering(pace, 65536, 2us) == 0);
    CHECK(reads_until_gathering(pace, 4096, 2us) == 0);
}

TEST_CASE("gathering goes on while it is worth it, and ends with the stream")
{
    Pace pace;
    REQUIRE(reads_until_gathering(pace, 100, 2us) > 0);
    CHECK(pace.lets_gather(20s, 20000));
    CHECK(pace.lets_gather(20s + 100us, 20000));
    CHECK_FALSE(pace.lets_gather(20s + 200us, 100));
    CHECK_FALSE(pace.lets_gather(20s + 201us, 100));
}

TEST_CASE("gathering ends before the pipe is full and holds up the writer")
{
    Pace pace;
    REQUIRE(reads_until_gathering(pace, 100, 2us) > 0);
    CHECK_FALSE(pace.lets_gather(20s, 200000));
}
