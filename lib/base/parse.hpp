// Numbers out of text, whole or not at all.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace runsuite {

// The number that `text` is; nothing when it is empty, has any other character, a sign that the type lacks, or
// does not fit the type.
template <typename Integer>
std::optional<Integer> parse_number(std::string_view text)
{
    Integer number{};
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace runsuite
