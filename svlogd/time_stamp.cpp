#include "svlogd/time_stamp.hpp"

#include <algorithm>

#include "model/tai64n.hpp"

namespace runsuite::svlogd {

namespace {

constexpr std::int64_t seconds_in_day = 86400;

// "2026-01-31_23:59:59.12345+01:00": where each field starts.
constexpr std::size_t at_year = 0, at_month = 5, at_day = 8, at_hour = 11, at_minute = 14, at_second = 17,
                      at_fraction = 20;

void put_hex(char* at, std::uint64_t number, int digits)
{
    for (int place = digits - 1; place >= 0; --place, number >>= 4) at[place] = "0123456789abcdef"[number & 15];
}

void put_decimal(char* at, std::uint64_t number, int digits)
{
    for (int place = digits - 1; place >= 0; --place, number /= 10)
        at[place] = static_cast<char>('0' + number % 10);
}

struct Date {
    std::int64_t year;
    unsigned month;
    unsigned day;
};

Date date_of(std::int64_t day)
{
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    return {int{date.year()}, unsigned{date.month()}, unsigned{date.day()}};
}

std::int64_t floor_divide(std::int64_t number, std::int64_t by)
{
    return number / by - (number % by < 0 ? 1 : 0);
}

constexpr std::size_t size_of(StampFormat format)
{
    switch (format) {
        case StampFormat::None: return 0;
        case StampFormat::Tai64n:
        case StampFormat::Underscore:
        case StampFormat::Iso: return 26;
        case StampFormat::IsoOffset: return 33;
    }
    return 0;
}

}  // namespace

TimeStamp::TimeStamp(StampFormat format, OffsetOf offset_of)
    : format_(format), offset_of_(offset_of), size_(size_of(format))
{
    constexpr std::string_view civil = "0000-00-00_00:00:00.000000+00:00 ";
    std::copy(civil.begin(), civil.end(), text_.begin());
    if (format == StampFormat::Tai64n) text_[0] = '@';
    if (format == StampFormat::Iso || format == StampFormat::IsoOffset) text_[at_hour - 1] = 'T';
    if (size_ > 0) text_[size_ - 1] = ' ';
}

void TimeStamp::set(std::chrono::nanoseconds moment)
{
    if (format_ == StampFormat::None) return;
    constexpr std::int64_t second = 1'000'000'000;
    const std::int64_t seconds = floor_divide(moment.count(), second);
    // Not by way of seconds * second, which the first moment there is, in 1677, has no room for.
    const std::int64_t remainder = moment.count() % second;
    const auto rest = static_cast<std::uint32_t>(remainder < 0 ? remainder + second : remainder);
    if (format_ == StampFormat::Tai64n) set_tai64n(seconds, rest);
    else set_civil(seconds, rest);
    second_ = seconds;
    is_set_ = true;
}

void TimeStamp::set_tai64n(std::int64_t seconds, std::uint32_t nanoseconds)
{
    if (!is_set_ || seconds != second_) {
        put_hex(&text_[1], Tai64n::unix_epoch + static_cast<std::uint64_t>(seconds), 16);
    }
    put_hex(&text_[17], nanoseconds, 8);
}

void TimeStamp::set_civil(std::int64_t seconds, std::uint32_t nanoseconds)
{
    const bool with_offset = format_ == StampFormat::IsoOffset;
    if (with_offset) put_decimal(&text_[at_fraction], nanoseconds / 1000, 6);
    else put_decimal(&text_[at_fraction], nanoseconds / 10000, 5);
    if (is_set_ && seconds == second_) return;

    // Zones change their offset at whole minutes of UTC.
    const std::int64_t utc_minute = floor_divide(seconds, 60);
    if (offset_of_ != nullptr && (!is_set_ || utc_minute != offset_minute_)) {
        offset_minute_ = utc_minute;
        set_offset(offset_of_(seconds));
    }
    const std::int64_t local = seconds + offset_;
    const std::int64_t minute = floor_divide(local, 60);
    put_decimal(&text_[at_second], static_cast<std::uint64_t>(local - minute * 60), 2);
    if (is_set_ && minute == minute_) return;

    const std::int64_t day = floor_divide(local, seconds_in_day);
    const auto minute_of_day = static_cast<std::uint64_t>(minute - day * (seconds_in_day / 60));
    put_decimal(&text_[at_hour], minute_of_day / 60, 2);
    put_decimal(&text_[at_minute], minute_of_day % 60, 2);
    if (!is_set_ || day != day_) set_day(day);
    minute_ = minute;
}

void TimeStamp::set_day(std::int64_t day)
{
    const Date date = date_of(day);
    put_decimal(&text_[at_year], static_cast<std::uint64_t>(std::clamp<std::int64_t>(date.year, 0, 9999)), 4);
    put_decimal(&text_[at_month], date.month, 2);
    put_decimal(&text_[at_day], date.day, 2);
    day_ = day;
}

void TimeStamp::set_offset(std::int32_t offset)
{
    offset_ = offset;
    if (format_ != StampFormat::IsoOffset) return;
    const auto minutes = static_cast<std::uint64_t>((offset < 0 ? -offset : offset) / 60);
    text_[26] = offset < 0 ? '-' : '+';
    put_decimal(&text_[27], minutes / 60, 2);
    put_decimal(&text_[30], minutes % 60, 2);
}

}  // namespace runsuite::svlogd
