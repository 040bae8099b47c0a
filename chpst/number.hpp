// Numbers out of text and into it: one function each, because a template for every type costs more than a static
// program of this size can spare.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace runsuite::chpst {

// Digits and nothing else, up to `largest`.
std::optional<std::uint64_t> parse_unsigned(std::string_view text, std::uint64_t largest, unsigned base = 10);

// The same with one sign, "+" or "-", in front or none.
std::optional<int> parse_signed(std::string_view text, int smallest, int largest);

// The digits of a number, as a value.
class Digits {
public:
    explicit Digits(std::int64_t number);
    static Digits of_unsigned(std::uint64_t number);

    std::string_view view() const { return {text_ + start_, sizeof text_ - start_}; }

private:
    Digits() = default;
    void write(std::uint64_t number);

    char text_[24];
    unsigned start_ = sizeof text_;
};

}  // namespace runsuite::chpst
