#include "svlogd/rotation.hpp"
#include "svlogd/text.hpp"

#include <algorithm>
#include <charconv>

namespace runsuite::svlogd {

namespace {

constexpr std::uint32_t nanoseconds_in_second = 1'000'000'000;

template <typename Integer>
bool read_hex(std::string_view digits, Integer& number)
{
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    return failure == std::errc{} && end == digits.data() + digits.size();
}

}  // namespace

Cut next_cut(const Limits& limits, std::uint64_t filled, bool rotation_due, std::string_view bytes)
{
    if (limits.size == 0 && !rotation_due) return {bytes.size(), false};
    if (limits.size != 0 && filled >= limits.size) return {0, true};
    const std::uint64_t soft = limits.size > limits.line ? limits.size - limits.line : 0;
    // The first newline that may end the file: nothing before it has to be looked at.
    std::size_t from = 0;
    if (!rotation_due && soft > filled + 1) {
        from = static_cast<std::size_t>(std::min<std::uint64_t>(soft - filled - 1, bytes.size()));
    }
    const auto newline = find_newline(bytes, from);
    const std::size_t line_end = newline == std::string_view::npos ? bytes.size() : newline + 1;
    const bool is_full = limits.size != 0 && line_end >= limits.size - filled;
    if (is_full) return {static_cast<std::size_t>(limits.size - filled), true};
    return {line_end, newline != std::string_view::npos};
}

OldName old_name(const Tai64n& moment, Kind kind)
{
    char text[old_name_size] = {'@'};
    for (int place = 0; place < 16; ++place) {
        text[1 + place] = "0123456789abcdef"[moment.seconds >> (60 - 4 * place) & 15];
    }
    for (int place = 0; place < 8; ++place) {
        text[17 + place] = "0123456789abcdef"[moment.nanoseconds >> (28 - 4 * place) & 15];
    }
    text[25] = '.';
    text[26] = static_cast<char>(kind);
    return OldName{{text, old_name_size}};
}

bool is_old_name(std::string_view name)
{
    return name.size() == old_name_size && name.front() == '@';
}

bool is_kind(std::string_view name, Kind kind)
{
    return is_old_name(name) && name[25] == '.' && name[26] == static_cast<char>(kind);
}

std::optional<Tai64n> moment_of(std::string_view name)
{
    Tai64n moment;
    if (!is_old_name(name) || !read_hex(middle(name, 1, 16), moment.seconds)) return std::nullopt;
    if (!read_hex(middle(name, 17, 8), moment.nanoseconds)) return std::nullopt;
    if (moment.nanoseconds >= nanoseconds_in_second || moment.seconds >> 62 != 1) return std::nullopt;
    return moment;
}

Tai64n next_moment(const Tai64n& now, const Tai64n& latest)
{
    if (now > latest) return now;
    if (latest.nanoseconds + 1 < nanoseconds_in_second) return {latest.seconds, latest.nanoseconds + 1};
    return {latest.seconds + 1, 0};
}

}  // namespace runsuite::svlogd
