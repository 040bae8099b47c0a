// A number as text. One small copy of it in every program, where std::to_chars(3) is one for each type and a table.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace runsuite {

using DigitRoom = std::array<char, 20>;  // a sign and 19 digits, or 20 digits

// In `room`, as long as that lives.
inline std::string_view digits_of(std::uint64_t size, bool is_negative, DigitRoom& room)
{
    std::size_t begin = room.size();
    do {
        room[--begin] = static_cast<char>('0' + size % 10);
        size /= 10;
    } while (size != 0);
    if (is_negative) room[--begin] = '-';
    return {room.data() + begin, room.size() - begin};
}

template <std::integral Integer>
std::string_view digits_of(Integer number, DigitRoom& room)
{
    const auto size = static_cast<std::uint64_t>(number);
    return std::cmp_less(number, 0) ? digits_of(0 - size, true, room) : digits_of(size, false, room);
}

}  // namespace runsuite
