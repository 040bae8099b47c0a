// TAI64N, the time stamp of the status file and of log lines: seconds since 1970-01-01 00:00:10 TAI plus 2^62,
// big-endian, then nanoseconds, big-endian. Like the reference, UTC plus ten seconds stands for TAI: leap seconds
// are not counted.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/fixed_string.hpp"

namespace runsuite {

struct Tai64n {
    static constexpr std::size_t packed_size = 12;
    static constexpr std::uint64_t unix_epoch = (1ULL << 62) + 10;

    std::uint64_t seconds = 0;
    std::uint32_t nanoseconds = 0;

    static Tai64n from_unix(std::chrono::nanoseconds since_epoch);
    static Tai64n unpack(std::span<const unsigned char, packed_size> bytes);
    void pack(std::span<unsigned char, packed_size> bytes) const;

    // "@" and 24 hexadecimal digits.
    FixedString<25> label() const;
    static std::optional<Tai64n> from_label(std::string_view label);

    auto operator<=>(const Tai64n&) const = default;
};

// Whole seconds from one stamp to a later one, as the reference counts them; 0 when the clock went back.
std::uint64_t whole_seconds_between(const Tai64n& earlier, const Tai64n& later);

}  // namespace runsuite
