#include "svlogd/time_stamp.hpp"

#include <ctime>
#include <random>

#include "support/catch.hpp"

using namespace runsuite::svlogd;
using namespace std::chrono_literals;

namespace {

std::string shown(StampFormat format, std::chrono::nanoseconds moment, OffsetOf offset = nullptr)
{
    TimeStamp stamp{format, offset};
    stamp.set(moment);
    return std::string(stamp.text());
}

std::chrono::nanoseconds utc(int year, int month, int day, int hour = 0, int minute = 0, int second = 0)
{
    std::tm parts{};
    parts.tm_year = year - 1900;
    parts.tm_mon = month - 1;
    parts.tm_mday = day;
    parts.tm_hour = hour;
    parts.tm_min = minute;
    parts.tm_sec = second;
    return std::chrono::seconds(::timegm(&parts));
}

std::int32_t half_past_five(std::int64_t)
{
    return 19800;
}

std::int32_t behind(std::int64_t)
{
    return -34200;  // -09:30
}

// An hour ahead until a moment, then two.
std::int32_t summer(std::int64_t second)
{
    return second < 1774746000 ? 3600 : 7200;
}

}  // namespace

TEST_CASE("no stamp is no text")
{
    CHECK(shown(StampFormat::None, 5s).empty());
}

TEST_CASE("TAI64N is @, 24 hex digits and a blank")
{
    CHECK(shown(StampFormat::Tai64n, 0s) == "@400000000000000a00000000 ");
    CHECK(shown(StampFormat::Tai64n, 1700000000s + 1ns) == "@400000006553f10a00000001 ");
}

TEST_CASE("the human readable stamp is UTC with five digits of the second")
{
    CHECK(shown(StampFormat::Underscore, utc(2005, 12, 18, 9, 13, 50) + 976189999ns) ==
          "2005-12-18_09:13:50.97618 ");
    CHECK(shown(StampFormat::Iso, utc(2005, 12, 18, 9, 13, 50) + 976189999ns) == "2005-12-18T09:13:50.97618 ");
    CHECK(shown(StampFormat::Underscore, 0s) == "1970-01-01_00:00:00.00000 ");
}

TEST_CASE("leap years are those of the Gregorian calendar")
{
    CHECK(shown(StampFormat::Iso, utc(2024, 2, 29)) == "2024-02-29T00:00:00.00000 ");
    CHECK(shown(StampFormat::Iso, utc(2000, 2, 29)) == "2000-02-29T00:00:00.00000 ");
    CHECK(shown(StampFormat::Iso, utc(2100, 2, 28, 23, 59, 59)) == "2100-02-28T23:59:59.00000 ");
    CHECK(shown(StampFormat::Iso, utc(2100, 2, 28, 23, 59, 59) + 1s) == "2100-03-01T00:00:00.00000 ");
    CHECK(shown(StampFormat::Iso, utc(1969, 12, 31, 23, 59, 59)) == "1969-12-31T23:59:59.00000 ");
}

TEST_CASE("every boundary of a second, minute, hour, day, month and year is carried over")
{
    TimeStamp stamp{StampFormat::Underscore};
    const auto new_year = utc(2027, 1, 1);
    stamp.set(new_year - 1ns);
    CHECK(stamp.text() == "2026-12-31_23:59:59.99999 ");
    stamp.set(new_year);
    CHECK(stamp.text() == "2027-01-01_00:00:00.00000 ");
    stamp.set(new_year - 1ns);
    CHECK(stamp.text() == "2026-12-31_23:59:59.99999 ");
}

TEST_CASE("the first and the last moment that there is room for have a stamp, in 1677 and 2262")
{
    constexpr auto first = std::chrono::nanoseconds::min();
    constexpr auto last = std::chrono::nanoseconds::max();
    CHECK(shown(StampFormat::Iso, first) == "1677-09-21T00:12:43.14522 ");
    CHECK(shown(StampFormat::Iso, last) == "2262-04-11T23:47:16.85477 ");
    CHECK(shown(StampFormat::Tai64n, first) == "@3ffffffdda3e830508a7f200 ");
    CHECK(shown(StampFormat::Tai64n, last).size() == 26);
}

TEST_CASE("a stamp that is set again shows what a new one shows, forward and back")
{
    std::mt19937_64 random{7};
    for (const StampFormat format : {StampFormat::Tai64n, StampFormat::Iso, StampFormat::IsoOffset}) {
        TimeStamp stamp{format, summer};
        std::chrono::nanoseconds moment = 1774746000s;
        for (int round = 0; round < 20000; ++round) {
            const auto step = static_cast<std::int64_t>(random() >> (24 + round % 40));
            moment += std::chrono::nanoseconds(round % 3 == 0 ? -step : step);
            if (moment < 0s || moment > 4000000000s) moment = 1774746000s;
            stamp.set(moment);
            TimeStamp fresh{format, summer};
            fresh.set(moment);
            REQUIRE(stamp.text() == fresh.text());
        }
    }
}

TEST_CASE("ISO 8601 shows microseconds and the offset of the zone at that moment")
{
    const auto moment = utc(2026, 3, 29, 0, 59, 59) + 123456789ns;
    CHECK(shown(StampFormat::IsoOffset, moment) == "2026-03-29T00:59:59.123456+00:00 ");
    CHECK(shown(StampFormat::IsoOffset, moment, half_past_five) == "2026-03-29T06:29:59.123456+05:30 ");
    CHECK(shown(StampFormat::IsoOffset, moment, behind) == "2026-03-28T15:29:59.123456-09:30 ");
    TimeStamp stamp{StampFormat::IsoOffset, summer};
    stamp.set(moment);
    CHECK(stamp.text() == "2026-03-29T01:59:59.123456+01:00 ");
    stamp.set(moment + 1s);
    CHECK(stamp.text() == "2026-03-29T03:00:00.123456+02:00 ");
}
