#include "model/tai64n.hpp"

#include <array>
#include <charconv>

namespace runsuite {

namespace {

constexpr std::int64_t nanoseconds_in_second = 1'000'000'000;

void store_big_endian(std::span<unsigned char> bytes, std::uint64_t number)
{
    for (std::size_t place = bytes.size(); place-- > 0; number >>= 8) {
        bytes[place] = static_cast<unsigned char>(number & 0xff);
    }
}

std::uint64_t load_big_endian(std::span<const unsigned char> bytes)
{
    std::uint64_t number = 0;
    for (const unsigned char byte : bytes) number = number << 8 | byte;
    return number;
}

}  // namespace

Tai64n Tai64n::from_unix(std::chrono::nanoseconds since_epoch)
{
    auto seconds = since_epoch.count() / nanoseconds_in_second;
    auto rest = since_epoch.count() % nanoseconds_in_second;
    if (rest < 0) {
        rest += nanoseconds_in_second;
        --seconds;
    }
    return {unix_epoch + static_cast<std::uint64_t>(seconds), static_cast<std::uint32_t>(rest)};
}

Tai64n Tai64n::unpack(std::span<const unsigned char, packed_size> bytes)
{
    return {load_big_endian(bytes.first(8)), static_cast<std::uint32_t>(load_big_endian(bytes.last(4)))};
}

void Tai64n::pack(std::span<unsigned char, packed_size> bytes) const
{
    store_big_endian(bytes.first(8), seconds);
    store_big_endian(bytes.last(4), nanoseconds);
}

std::uint64_t whole_seconds_between(const Tai64n& earlier, const Tai64n& later)
{
    return later.seconds > earlier.seconds ? later.seconds - earlier.seconds : 0;
}

FixedString<25> Tai64n::label() const
{
    std::array<unsigned char, packed_size> bytes;
    pack(bytes);
    FixedString<25> text{"@"};
    for (const unsigned char byte : bytes) {
        const std::array<char, 2> digits{"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
        text.append({digits.data(), digits.size()});
    }
    return text;
}

std::optional<Tai64n> Tai64n::from_label(std::string_view label)
{
    if (label.size() != 1 + 2 * packed_size || label[0] != '@') return std::nullopt;
    std::array<unsigned char, packed_size> bytes;
    const char* at = label.data() + 1;
    for (unsigned char& byte : bytes) {
        const auto [end, failure] = std::from_chars(at, at + 2, byte, 16);
        if (failure != std::errc{} || end != at + 2) return std::nullopt;
        at = end;
    }
    return unpack(bytes);
}

}  // namespace runsuite
