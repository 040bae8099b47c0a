// The stamp in front of a line, kept as text: setting it to another moment rewrites only the digits that differ.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace runsuite::svlogd {

// Tai64n: "@" and 24 hex digits. Underscore: "2026-01-31_23:59:59.12345", Iso with a T instead. IsoOffset:
// "2026-01-31T23:59:59.123456+01:00".
enum class StampFormat { None, Tai64n, Underscore, Iso, IsoOffset };

// Seconds that a wall clock is ahead of UTC at a moment (of seconds since 1970). Pure rules get it handed in.
using OffsetOf = std::int32_t (*)(std::int64_t);

class TimeStamp {
public:
    TimeStamp() = default;
    // Without `offset_of` the stamp is in UTC.
    explicit TimeStamp(StampFormat format, OffsetOf offset_of = nullptr);

    // The moment is since 1970-01-01 00:00 UTC. Years beyond 9999 are shown as 9999, those before 0 as 0.
    void set(std::chrono::nanoseconds moment);

    std::string_view text() const { return {text_.data(), size_}; }  // with the blank that follows; empty for None

private:
    void set_tai64n(std::int64_t seconds, std::uint32_t nanoseconds);
    void set_civil(std::int64_t seconds, std::uint32_t nanoseconds);
    void set_day(std::int64_t day);
    void set_offset(std::int32_t offset);

    StampFormat format_ = StampFormat::None;
    OffsetOf offset_of_ = nullptr;
    std::size_t size_ = 0;
    bool is_set_ = false;
    std::int64_t second_ = 0;
    std::int64_t day_ = 0;
    std::int64_t minute_ = 0;
    std::int32_t offset_ = 0;
    std::int64_t offset_minute_ = 0;
    std::array<char, 40> text_{};
};

}  // namespace runsuite::svlogd
