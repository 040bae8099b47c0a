#include "svlogd/log_config.hpp"
#include "svlogd/text.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "base/parse.hpp"

namespace runsuite::svlogd {

namespace {

struct Unit {
    char letter;
    std::uint64_t factor;
};

constexpr Unit byte_units[] = {{'k', 1UL << 10}, {'m', 1UL << 20}};
constexpr Unit time_units[] = {{'m', 60}, {'h', 3600}};

// What fits a file, and what a clock of nanoseconds can be ahead of the longest uptime.
constexpr std::uint64_t most_bytes = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t most_seconds = most_bytes / 1'000'000'000 / 2;

std::optional<std::uint64_t> with_unit(std::string_view text, std::span<const Unit> units, std::uint64_t most)
{
    std::uint64_t factor = 1;
    for (const Unit& unit : units) {
        if (text.empty() || text.back() != unit.letter) continue;
        factor = unit.factor;
        text.remove_suffix(1);
        break;
    }
    const auto number = parse_number<std::uint64_t>(text);
    if (!number || *number > most / factor) return std::nullopt;
    return *number * factor;
}

const char* add_size(Config& config, std::string_view value)
{
    const auto size = with_unit(value, byte_units, most_bytes);
    config.size = size.value_or(Config{}.size);
    return size ? nullptr : "s is not followed by a number: 1000000 is used";
}

const char* add_age(Config& config, std::string_view value)
{
    const auto age = with_unit(value, time_units, most_seconds);
    config.max_age = std::chrono::seconds(age.value_or(0));
    return age ? nullptr : "t is not followed by a number: current is not rotated by age";
}

const char* add_keep(Config& config, std::string_view value)
{
    const auto keep = parse_number<unsigned>(value);
    config.keep = keep.value_or(Config{}.keep);
    return keep ? nullptr : "n is not followed by a number: 10 is used";
}

const char* add_keep_at_least(Config& config, std::string_view value)
{
    const auto keep = parse_number<unsigned>(value);
    config.keep_at_least = keep.value_or(0);
    return keep ? nullptr : "N is not followed by a number: nothing is removed for want of space";
}

bool is_port(std::string_view text)
{
    return parse_number<std::uint16_t>(text).value_or(0) != 0;
}

bool is_byte_of_address(std::string_view text)
{
    const bool is_plain = !text.empty() && text.size() <= 3 && (text.size() == 1 || text.front() != '0');
    return is_plain && parse_number<std::uint8_t>(text).has_value();
}

// An address of fewer numbers, or of octal and hexadecimal ones, is read by getaddrinfo(3) in a way of its own: 1.2.3 is
// 1.2.0.3. No name of a host ends in a number.
bool is_half_an_address(std::string_view host)
{
    const auto end = after(host, host.rfind('.') + 1);  // npos + 1 is 0
    const bool is_hexadecimal = end.starts_with("0x") || end.starts_with("0X");
    const bool is_number =
        std::all_of(end.begin(), end.end(), [](char letter) { return letter >= '0' && letter <= '9'; });
    const bool is_ipv6 = host.find(':') != host.npos;
    if (end.empty() || is_ipv6 || (!is_number && !is_hexadecimal)) return false;
    int numbers = 0;
    for (bool goes_on = true; goes_on; ++numbers) {
        const auto dot = host.find('.');
        if (!is_byte_of_address(first(host, dot))) return true;
        goes_on = dot != host.npos;
        if (goes_on) host.remove_prefix(dot + 1);
    }
    return numbers != 4;
}

// HOST, HOST:PORT, [ADDRESS]:PORT; an IPv6 address may stand alone too.
const char* add_udp(Config& config, bool only_udp, std::string_view value)
{
    UdpTarget target{value, "514"};
    const auto bracket = value.rfind(']');
    const auto colon = value.rfind(':');
    const bool is_bare_ipv6 = bracket == value.npos && std::count(value.begin(), value.end(), ':') > 1;
    if (colon != value.npos && !is_bare_ipv6 && (bracket == value.npos || colon == bracket + 1)) {
        target = {first(value, colon), after(value, colon + 1)};
    }
    if (bracket != value.npos || target.host.starts_with('[')) {
        if (!target.host.starts_with('[') || !target.host.ends_with(']'))
            return "no address for udp: the line is ignored";
        target.host = middle(target.host, 1, target.host.size() - 2);
    }
    if (target.host.empty()) return "no address for udp: the line is ignored";
    if (is_half_an_address(target.host))
        return "no address of four numbers from 0 to 255 for udp: the line is ignored";
    if (!is_port(target.port)) return "no port for udp: the line is ignored";
    config.udp = target;
    config.only_udp = only_udp;
    return nullptr;
}

const char* add_mode(Config& config, std::string_view value)
{
    unsigned mode = 0;
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), mode, 8);
    const bool is_mode = failure == std::errc{} && end == value.data() + value.size() && mode <= 0777;
    // The executable bit is the mark of a complete file, and we have to be able to open what we made.
    if (!is_mode || (mode & 0111) != 0 || (mode & 0600) != 0600) return "m needs a mode like 0640: 0644 is used";
    config.mode = mode;
    return nullptr;
}

const char* add_disk_full(Config& config, std::string_view value)
{
    if (value != "block" && value != "drop") return "d is followed by block or drop: block is used";
    config.on_full = value == "drop" ? DiskFull::Drop : DiskFull::Block;
    return nullptr;
}

const char* add_priority(Config& config, std::string_view value)
{
    const auto priority = parse_number<int>(value);
    if (!priority || *priority < 0 || *priority > 191)
        return "r needs a priority from 0 to 191: plain lines are sent";
    config.syslog_priority = *priority;
    return nullptr;
}

}  // namespace

bool Config::alerts() const
{
    return std::any_of(rules.begin(), rules.end(),
                       [](const Rule& rule) { return rule.does == Rule::Does::Alert; });
}

bool Config::filters() const
{
    return std::any_of(rules.begin(), rules.end(), [](const Rule& rule) {
        return rule.does == Rule::Does::Select || rule.does == Rule::Does::Deselect;
    });
}

std::size_t count_lines(std::string_view text)
{
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
}

const char* ConfigBuilder::add(std::string_view line)
{
    if (line.empty() || line.front() == '#') return nullptr;
    const auto value = after(line, 1);
    switch (line.front()) {
        case '+':
        case '-':
        case 'e':
        case 'E': rules[rule_count++] = {static_cast<Rule::Does>(line.front()), value}; return nullptr;
        case 's': return add_size(config, value);
        case 'n': return add_keep(config, value);
        case 'N': return add_keep_at_least(config, value);
        case 't': return add_age(config, value);
        case '!': config.processor = value; return nullptr;
        case 'p': config.prefix = value; return nullptr;
        case 'u':
        case 'U': return add_udp(config, line.front() == 'U', value);
        case 'm': return add_mode(config, value);
        case 'o': config.owner = value; return nullptr;
        case 'd': return add_disk_full(config, value);
        case 'r': return add_priority(config, value);
        case 'j':
            config.format = LineFormat::Json;
            config.service = value;
            return nullptr;
    }
    return "no such setting: the line is ignored";
}

const char* ConfigBuilder::finish(std::uint64_t line_length)
{
    if (config.keep != 0 && config.keep_at_least >= config.keep) {
        config.keep_at_least = config.keep - 1;
        wrong_line = least_line;
        return "N is not less than n: one less than n is used";
    }
    if (config.size != 0 && config.size <= line_length) {
        config.size = 2 * line_length;
        wrong_line = size_line;
        return "s is not more than the line length (-l): twice that is used";
    }
    return nullptr;
}

}  // namespace runsuite::svlogd
