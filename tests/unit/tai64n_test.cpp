#include "model/tai64n.hpp"

#include <array>

#include "support/catch.hpp"

using namespace runsuite;
using namespace std::chrono_literals;

TEST_CASE("a stamp is the Unix time plus ten seconds plus 2 to the 62nd")
{
    CHECK(Tai64n::from_unix(0ns) == Tai64n{(1ULL << 62) + 10, 0});
    CHECK(Tai64n::from_unix(1700000000s + 5ns) == Tai64n{(1ULL << 62) + 1700000010, 5});
}

TEST_CASE("a moment before 1970 has nanoseconds that count forward")
{
    CHECK(Tai64n::from_unix(-1ns) == Tai64n{(1ULL << 62) + 9, 999999999});
}

TEST_CASE("a packed stamp is big-endian and unpacks to itself")
{
    const Tai64n stamp{0x4000000065000001, 0x01020304};
    std::array<unsigned char, Tai64n::packed_size> bytes{};
    stamp.pack(bytes);
    CHECK(bytes == std::array<unsigned char, 12>{0x40, 0, 0, 0, 0x65, 0, 0, 1, 1, 2, 3, 4});
    CHECK(Tai64n::unpack(bytes) == stamp);
}

TEST_CASE("seconds between two stamps are whole ones and never negative")
{
    const Tai64n early{100, 900000000};
    const Tai64n late{103, 100000000};
    CHECK(whole_seconds_between(early, late) == 3);
    CHECK(whole_seconds_between(late, early) == 0);
}
