// The part of Log that gives lines up. Whatever it does is told: in the log as soon as there is room, or at the end of the
// program on standard error.
#include <algorithm>
#include <utility>

#include "app/report.hpp"
#include "posix/clock.hpp"
#include "svlogd/log.hpp"

namespace runsuite::svlogd {

// Of d, "drop", and at the end. The line that is partly written is kept as long as there is memory for it, and what was
// formatted before: else they could be torn. Lines for a standard error that is full have to wait, if there is time.
void Log::give_up(const Input& input, bool waits)
{
    for (;;) {
        if (waits && !cursor_.is_inside_line() && awaits_standard_error()) return;
        const Piece piece = cursor_.next(input, common_->options.line_length, judged_);
        if (piece.kind == Piece::Kind::Nothing) return;
        if (piece.kind == Piece::Kind::Start) {
            chosen_ = false;
            if (wants(piece, true)) ++lost_;
        } else if (!chosen_) {
            cursor_.take(piece.text.size(), !piece.more);
        } else if (!keep(piece)) {
            return;
        }
    }
}

// False: the line has to wait for the rest of a character.
bool Log::keep(const Piece& part)
{
    const std::size_t grows = is_json_line_ ? LineOutput::most_for_a_byte : 1;
    if (part.text.size() * grows > output_.room()) {
        chosen_ = false;
        ++lost_;
        return true;
    }
    const std::size_t count = is_json_line_ ? output_.put_json(part.text, part.more) : output_.put(part.text);
    cursor_.take(count, count == part.text.size() && !part.more);
    return count == part.text.size();
}

void Log::tell_loss(Instant now)
{
    if (trouble_.is_on() || !flush(now) || lost_ == 0) return;
    FixedString<100> notice{"svlogd: warning: lines lost while nothing could be written: "};
    notice.append_number(lost_);
    end_torn_line();
    if (settings_.config.format == LineFormat::Json) {
        Piece when;
        when.time = wall_now();
        put_json_line(when, notice.view(), "", "\n");
    } else {
        output_.put(common_->stamp.text());
        output_.put(notice.append("\n").view());
    }
    noticed_ = std::exchange(lost_, 0);
    flush(now);
}

// Of which no more comes.
void Log::end_torn_line()
{
    if (writer_.ends_in_line()) output_.put(is_json_line_ ? "\"}\n" : "\n");
}

void Log::tell_wait(const Input& input)
{
    if (!is_held_up()) return;
    const std::size_t held = output_.pending().size() + cursor_.rest(input).size();
    if (held == 0 || !trouble_.delays_end(common_->terms)) return;
    report::Line line{"unable to end before "};
    line.append_number(held).append(" bytes are written, a second TERM gives them up: ");
    report::append_name(line, path_);
    report::warn(line.append(": ").append(report::reason(trouble_.code())).view());
}

bool Log::tell_lost(const Input& input)
{
    give_up(input, false);
    const auto pending = output_.pending();
    const auto held = static_cast<std::uint64_t>(std::count(pending.begin(), pending.end(), '\n'));
    lost_ += noticed_ > 0 ? noticed_ : held;  // a notice, and the end of a torn line, are no lines that were lost
    output_.clear();
    if (lost_ == 0) return false;
    report::Line line{"unable to write "};
    line.append_number(lost_).append(" lines, they are lost: ");
    report::append_name(line, path_);
    if (trouble_.code() != 0) line.append(": ").append(report::reason(trouble_.code()));
    report::warn(line.view());
    lost_ = 0;
    return true;
}

bool Log::finish(const Input& input, Instant now)
{
    if (!is_open()) return true;
    if (trouble_.is_on()) {  // once more: it was some time ago
        trouble_.hurry(now);
        tick(now);
        take(input, now);
    }
    const bool lost = tell_lost(input);
    // As after a crash: whoever opens the log next is not to go on behind half a line.
    if (lost && writer_.ends_in_line()) writer_.leave();
    if (writer_.is_open()) writer_.sync(directory_);
    sync_.leave();
    writer_.close(directory_, common_->options.verbose);
    directory_.close();
    udp_.close();
    return !lost;
}

}  // namespace runsuite::svlogd
