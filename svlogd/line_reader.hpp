// The bytes of standard input on their way to the logs: one buffer that all share, and for each log a cursor that
// takes lines out of it.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

#include "svlogd/text.hpp"

namespace runsuite::svlogd {

// What is in the buffer. The bytes from `fresh` on came in at `fresh_time`, those before at `held_time`.
struct Input {
    std::string_view bytes;
    std::size_t fresh = 0;
    std::chrono::nanoseconds held_time{};
    std::chrono::nanoseconds fresh_time{};

    std::chrono::nanoseconds time_at(std::size_t place) const { return place < fresh ? held_time : fresh_time; }
};

class LineReader {
public:
    LineReader() = default;
    explicit LineReader(std::span<char> memory) : memory_(memory) {}

    // Where the next bytes go. One byte is kept back for finish().
    std::span<char> room() const { return memory_.subspan(filled_, memory_.size() - filled_ - 1); }
    // The first `count` bytes of room() have come in.
    void accept(std::size_t count, std::chrono::nanoseconds now);
    // End of input: an unfinished line is ended, so that a later one is not glued to it.
    void finish(std::chrono::nanoseconds now);
    // Nobody needs the first `count` bytes any more.
    void discard(std::size_t count);

    Input input() const { return {{memory_.data(), filled_}, fresh_, held_time_, fresh_time_}; }
    bool is_at_line_start() const { return at_line_start_; }

private:
    std::span<char> memory_;
    std::size_t filled_ = 0;
    std::size_t fresh_ = 0;
    std::chrono::nanoseconds held_time_{};
    std::chrono::nanoseconds fresh_time_{};
    bool at_line_start_ = true;
};

// A piece of a line. Start comes before anything of a line is taken, Part then hands out its bytes.
struct Piece {
    enum class Kind { Nothing, Start, Part };

    Kind kind = Kind::Nothing;
    std::string_view text;  // Start: the message, without newline, at most `longest`. Part: bytes, with newline
    bool more = false;      // Start: the message is longer than `text`. Part: the line goes on
    std::chrono::nanoseconds time{};  // Start: when the first byte of the line came in
};

// How much of the input one log has taken, and whether it is inside a line.
class LineCursor {
public:
    // `judged`: Start waits for the whole message, or for more than `longest` bytes of it. Otherwise it comes
    // with the first byte, and `text` is of no use.
    Piece next(const Input& input, std::size_t longest, bool judged);
    // Everything there is, lines or not.
    std::string_view rest(const Input& input) const { return after(input.bytes, taken_); }
    void take(std::size_t count, bool ends_line);

    std::size_t taken() const { return taken_; }
    bool is_inside_line() const { return inside_; }
    // The reader has discarded `count` bytes.
    void follow(std::size_t count);
    // A log that comes late: what is there already is not for it.
    void skip_to_end(const Input& input, bool at_line_start);

private:
    Piece start(const Input& input, std::size_t longest, bool judged);

    std::size_t taken_ = 0;
    std::size_t line_end_ = 0;  // just behind the newline of the present line; 0: not found yet
    bool inside_ = false;
};

}  // namespace runsuite::svlogd
