#include "svlogd/line_reader.hpp"
#include "svlogd/text.hpp"

#include <cstring>

namespace runsuite::svlogd {

void LineReader::accept(std::size_t count, std::chrono::nanoseconds now)
{
    if (count == 0) return;
    // What was held back is the start of one unfinished line: it keeps the time of its first byte.
    if (fresh_ == 0 && filled_ > 0) held_time_ = fresh_time_;
    fresh_ = filled_;
    fresh_time_ = now;
    filled_ += count;
    at_line_start_ = memory_[filled_ - 1] == '\n';
}

void LineReader::finish(std::chrono::nanoseconds now)
{
    if (at_line_start_) return;
    memory_[filled_] = '\n';
    accept(1, now);
}

void LineReader::discard(std::size_t count)
{
    if (count == 0) return;
    filled_ -= count;
    std::memmove(memory_.data(), memory_.data() + count, filled_);
    fresh_ = fresh_ > count ? fresh_ - count : 0;
}

Piece LineCursor::next(const Input& input, std::size_t longest, bool judged)
{
    if (taken_ == input.bytes.size()) return {};
    if (!inside_) return start(input, longest, judged);
    if (line_end_ <= taken_) {
        const auto newline = find_newline(input.bytes, taken_);
        line_end_ = newline == std::string_view::npos ? 0 : newline + 1;
    }
    const std::size_t end = line_end_ != 0 ? line_end_ : input.bytes.size();
    return {Piece::Kind::Part, middle(input.bytes, taken_, end - taken_), line_end_ == 0, {}};
}

Piece LineCursor::start(const Input& input, std::size_t longest, bool judged)
{
    line_end_ = 0;
    Piece piece{Piece::Kind::Start, {}, false, input.time_at(taken_)};
    if (judged) {
        const auto head = middle(input.bytes, taken_, longest + 1);
        const auto newline = find_newline(head);
        if (newline == std::string_view::npos && head.size() <= longest) return {};
        piece.more = newline == std::string_view::npos;
        piece.text = piece.more ? first(head, longest) : first(head, newline);
        if (!piece.more) line_end_ = taken_ + newline + 1;
    }
    inside_ = true;
    return piece;
}

void LineCursor::take(std::size_t count, bool ends_line)
{
    taken_ += count;
    inside_ = !ends_line;
}

void LineCursor::follow(std::size_t count)
{
    taken_ -= count;
    line_end_ = line_end_ > count ? line_end_ - count : 0;
}

void LineCursor::skip_to_end(const Input& input, bool at_line_start)
{
    taken_ = input.bytes.size();
    line_end_ = 0;
    inside_ = !at_line_start;
}

}  // namespace runsuite::svlogd
