// The part of Log that looks at lines.
#include <array>

#include "app/report.hpp"
#include "posix/clock.hpp"
#include "posix/part.hpp"
#include "svlogd/log.hpp"
#include "svlogd/pattern.hpp"

namespace runsuite::svlogd {

namespace {

// RFC 5424, section 6: names are of visible ASCII.
template <std::size_t Most>
FixedString<Most> syslog_name(std::string_view name)
{
    FixedString<Most> visible;
    for (const char letter : name) {
        const bool is_visible = letter > ' ' && letter < '\x7f';
        visible.append({is_visible ? &letter : "_", 1});
    }
    return visible;
}

}  // namespace

void Log::take(const Input& input, Instant now)
{
    if (!is_open()) return cursor_.skip_to_end(input, input.bytes.empty() || input.bytes.back() == '\n');
    if (awaits_answer()) return;
    if (lost_ > 0 || noticed_ > 0) tell_loss(now);
    // What began before the config changed ends as it began.
    const bool is_in_other_line = cursor_.is_inside_line() && (!chosen_ || is_json_line_);
    if (!trouble_.is_on() && (by_line_ || is_in_other_line)) take_lines(input, now);
    else if (!trouble_.is_on()) take_blocks(input, now);
    if (drops()) give_up(input, true);
}

void Log::take_blocks(const Input& input, Instant now)
{
    if (!flush(now)) return;
    const auto rest = cursor_.rest(input);
    const std::size_t written = write_out(rest, now);
    if (written == 0) return;
    cursor_.take(written, rest[written - 1] == '\n');
    chosen_ = true;
    is_json_line_ = false;
}

void Log::take_lines(const Input& input, Instant now)
{
    const std::size_t longest = common_->options.line_length;
    for (;;) {
        if (output_.room() < most_before_line_ && !flush(now)) return;
        if (!cursor_.is_inside_line() && awaits_standard_error()) break;
        const Piece piece = cursor_.next(input, longest, judged_);
        if (piece.kind == Piece::Kind::Nothing) break;
        if (piece.kind == Piece::Kind::Start) chosen_ = begin_line(piece);
        else if (!chosen_) cursor_.take(piece.text.size(), !piece.more);
        else if (!put_part(piece, now)) return;
    }
    flush(now);
}

// Where the log gives lines up, one that should have been written for want of udp is among them.
bool Log::wants(const Piece& piece, bool gives_up)
{
    const Config& config = settings_.config;
    common_->stamp.set(piece.time);
    const bool chosen = decide(Rule::Does::Select, Rule::Does::Deselect, true, piece.text);
    if (decide(Rule::Does::Alert, Rule::Does::Silence, false, piece.text)) report_line(piece);
    if (!chosen) return false;
    if (!udp_.is_on()) return true;
    const bool is_sent = send_line(piece);
    if (!is_sent && !gives_up) tell_unsent(piece);
    return !config.only_udp || (!is_sent && gives_up);
}

bool Log::begin_line(const Piece& piece)
{
    if (!wants(piece, false)) return false;
    is_json_line_ = settings_.config.format == LineFormat::Json;
    put_heading(piece);
    return true;
}

void Log::put_heading(const Piece& piece)
{
    const Config& config = settings_.config;
    if (config.format == LineFormat::Text) {
        output_.put(common_->stamp.text());
        output_.put(config.prefix);
        return;
    }
    common_->iso_stamp.set(piece.time);
    auto stamp = common_->iso_stamp.text();
    stamp.remove_suffix(1);
    output_.put(R"({"time":")");
    output_.put(stamp);
    output_.put(R"(","service":")");
    output_.put_json(service());
    output_.put(R"(","message":")");
    output_.put_json(config.prefix);
}

bool Log::put_part(const Piece& part, Instant now)
{
    std::string_view text = part.text;
    while (!text.empty()) {
        std::size_t count = 0;
        if (!is_json_line_ && text.size() > output_.room() && output_.pending().empty()) {
            count = write_out(text, now);
            if (count == 0) return false;
        } else {
            count = is_json_line_ ? output_.put_json(text, part.more) : output_.put(text);
        }
        text.remove_prefix(count);
        cursor_.take(count, text.empty() && !part.more);
        if (text.empty()) break;
        const bool ends_in_character = is_json_line_ && output_.room() >= LineOutput::most_for_a_byte;
        if (!flush(now) || ends_in_character) return false;
    }
    return true;
}

bool Log::decide(Rule::Does yes, Rule::Does no, bool otherwise, std::string_view message) const
{
    const auto rules = settings_.config.rules;
    for (auto rule = rules.rbegin(); rule != rules.rend(); ++rule) {
        if ((rule->does == yes || rule->does == no) && matches(rule->pattern, message)) return rule->does == yes;
    }
    return otherwise;
}

void Log::report_line(const Piece& piece)
{
    const std::array parts{part_of(common_->stamp.text()), part_of(settings_.config.prefix), part_of(piece.text),
                           part_of(piece.more ? "...\n" : "\n")};
    report::write_line(parts);
}

bool Log::send_line(const Piece& piece)
{
    const Config& config = settings_.config;
    if (config.syslog_priority < 0) {
        const std::array parts{part_of(common_->stamp.text()), part_of(config.prefix), part_of(piece.text),
                               part_of(piece.more ? "...\n" : "\n")};
        return bool(udp_.send(parts));
    }
    common_->iso_stamp.set(piece.time);
    FixedString<200> header{"<"};
    header.append_number(config.syslog_priority).append(">1 ").append(common_->iso_stamp.text());
    header.append(syslog_name<64>(common_->host.view()).view()).append(" ");
    header.append(syslog_name<48>(common_->service.view()).view()).append(" - - - ");
    const std::array parts{part_of(header.view()), part_of(config.prefix), part_of(piece.text),
                           part_of(piece.more ? "..." : "")};
    return bool(udp_.send(parts));
}

void Log::tell_unsent(const Piece& piece)
{
    const Config& config = settings_.config;
    constexpr std::string_view words = "warning: failure sending through udp: ";
    if (config.format == LineFormat::Json)
        return put_json_line(piece, words, piece.text, piece.more ? "...\n" : "\n");
    output_.put(words);
    put_heading(piece);
    output_.put(piece.text);
    output_.put(piece.more ? "...\n" : "\n");
}

void Log::put_json_line(const Piece& when, std::string_view words, std::string_view text, std::string_view end)
{
    put_heading(when);
    for (const auto part : {words, text, end}) output_.put_json(part);
}

bool Log::flush(Instant now)
{
    const auto pending = output_.pending();
    if (pending.empty()) return true;
    const std::size_t count = write_out(pending, now);
    output_.written(count);
    if (count < pending.size()) return false;
    noticed_ = 0;
    return true;
}

}  // namespace runsuite::svlogd
