// The lines of one log, gathered on their way to current, so that the kernel gets few and large writes.
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "svlogd/text.hpp"

namespace runsuite::svlogd {

class LineOutput {
public:
    LineOutput() = default;
    explicit LineOutput(std::span<char> memory) : memory_(memory) {}

    std::string_view pending() const { return {memory_.data() + begin_, end_ - begin_}; }
    std::size_t room() const { return memory_.size() - end_; }
    std::size_t capacity() const { return memory_.size(); }

    // As much of `text` as there is room for.
    std::size_t put(std::string_view text)
    {
        const std::size_t count = std::min(text.size(), room());
        copy_bytes(memory_.data() + end_, text.data(), count);
        end_ += count;
        return count;
    }

    // The same inside a JSON string; a newline ends the string and its object. What is not UTF-8 is shown byte by
    // byte, as the character of that number. Where the text `goes_on`, the start of a character at its end is left.
    std::size_t put_json(std::string_view text, bool goes_on = false);
    static constexpr std::size_t most_for_a_byte = 6;  // "\\u00ff"

    // The first `count` bytes of pending() were written.
    void written(std::size_t count)
    {
        begin_ += count;
        if (begin_ == end_) begin_ = end_ = 0;
    }
    void clear() { begin_ = end_ = 0; }

private:
    void put_ascii(char letter);
    void put_number(unsigned char byte);

    std::span<char> memory_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace runsuite::svlogd
