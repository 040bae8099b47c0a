// A short text on the stack. What does not fit is cut, never written outside.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "base/digits.hpp"

namespace runsuite {

template <std::size_t Capacity>
class FixedString {
public:
    FixedString() { text_[0] = '\0'; }
    explicit FixedString(std::string_view text) : FixedString() { append(text); }

    FixedString& append(std::string_view text)
    {
        const std::size_t count = std::min(text.size(), Capacity - size_);
        std::copy_n(text.data(), count, text_.data() + size_);
        cut_ = cut_ || count < text.size();
        size_ += count;
        text_[size_] = '\0';
        return *this;
    }

    template <typename Integer>
    FixedString& append_number(Integer number)
    {
        DigitRoom room;
        return append(digits_of(number, room));
    }

    void shorten(std::size_t size)
    {
        size_ = std::min(size, size_);
        text_[size_] = '\0';
    }

    std::string_view view() const { return {text_.data(), size_}; }
    const char* c_str() const { return text_.data(); }
    bool was_cut() const { return cut_; }

private:
    std::size_t size_ = 0;
    bool cut_ = false;
    std::array<char, Capacity + 1> text_;
};

}  // namespace runsuite
