#include "chpst/number.hpp"

namespace runsuite::chpst {

std::optional<std::uint64_t> parse_unsigned(std::string_view text, std::uint64_t largest, unsigned base)
{
    if (text.empty()) return std::nullopt;
    std::uint64_t number = 0;
    for (const char letter : text) {
        const auto digit = static_cast<unsigned>(letter - '0');
        if (digit >= base || digit > largest || number > (largest - digit) / base) return std::nullopt;
        number = number * base + digit;
    }
    return number;
}

std::optional<int> parse_signed(std::string_view text, int smallest, int largest)
{
    const bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) text.remove_prefix(1);
    const std::int64_t limit = is_negative ? -std::int64_t{smallest} : largest;
    const auto number = parse_unsigned(text, static_cast<std::uint64_t>(limit));
    if (!number) return std::nullopt;
    return static_cast<int>(is_negative ? -static_cast<std::int64_t>(*number)
                                        : static_cast<std::int64_t>(*number));
}

Digits::Digits(std::int64_t number)
{
    write(static_cast<std::uint64_t>(number < 0 ? -number : number));
    if (number < 0) text_[--start_] = '-';
}

Digits Digits::of_unsigned(std::uint64_t number)
{
    Digits digits;
    digits.write(number);
    return digits;
}

void Digits::write(std::uint64_t number)
{
    do {
        text_[--start_] = static_cast<char>('0' + number % 10);
        number /= 10;
    } while (number != 0);
}

}  // namespace runsuite::chpst
