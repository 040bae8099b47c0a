// The file config of a log directory: one setting a line, the first letter says which.
//
// A value that is none of these is complained about and the setting keeps its default, so that a mistake never turns
// a limit or a filter off unseen.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

#include "svlogd/text.hpp"

namespace runsuite::svlogd {

// A pattern line.
struct Rule {
    enum class Does : char { Select = '+', Deselect = '-', Alert = 'e', Silence = 'E' };

    Does does = Does::Select;
    std::string_view pattern;
};

// u and U. The text is looked at by those who resolve it, lib/posix being the one that knows about networks.
struct UdpTarget {
    std::string_view host;  // empty: no udp
    std::string_view port;
};

enum class DiskFull { Block, Drop };
enum class LineFormat { Text, Json };

// The views point into the text that was parsed, or are literals.
struct Config {
    std::uint64_t size = 1'000'000;        // s: 0 is never
    unsigned keep = 10;                    // n: 0 is all
    unsigned keep_at_least = 0;            // N: 0 is "nothing is removed for want of space"
    std::chrono::seconds max_age{0};       // t: 0 is never
    std::string_view processor;            // !
    std::string_view prefix;               // p
    UdpTarget udp;                         // u, U
    bool only_udp = false;                 // U
    mode_t mode = 0644;                    // m
    std::string_view owner;                // o: empty is "whoever we are"
    DiskFull on_full = DiskFull::Block;    // d
    LineFormat format = LineFormat::Text;  // j
    std::string_view service;              // j: the name in the lines; empty is "the directory's"
    int syslog_priority = -1;              // r: frames of RFC 5424 with this priority; -1 is "plain lines"
    std::span<const Rule> rules;

    bool alerts() const;   // any e or E
    bool filters() const;  // any + or -
};

// What is wrong with a line. `what` is a literal.
struct Complaint {
    unsigned line = 0;
    const char* what = nullptr;
};

// `rules` has room for as many as `text` has lines; `line_length` is -l. `complain(Complaint)` is called for
// each line that is wrong.
template <typename Complain>
Config parse_config(std::string_view text, std::uint64_t line_length, std::span<Rule> rules, Complain complain);

std::size_t count_lines(std::string_view text);

// One line of it: what is wrong with the line, or nullptr.
struct ConfigBuilder {
    Config config;
    std::span<Rule> rules;
    std::size_t rule_count = 0;

    const char* add(std::string_view line);
    // What is wrong with the settings together; to be asked for until there is nothing.
    const char* finish(std::uint64_t line_length);
    unsigned size_line = 0;  // where s and N were set, 0: nowhere; finish() makes `wrong_line` one of them
    unsigned least_line = 0;
    unsigned wrong_line = 0;
};

template <typename Complain>
Config parse_config(std::string_view text, std::uint64_t line_length, std::span<Rule> rules, Complain complain)
{
    ConfigBuilder builder;
    builder.rules = rules;
    for (unsigned number = 1; !text.empty(); ++number) {
        const auto line = first(text, text.find('\n'));
        text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
        if (!line.empty() && line.front() == 's') builder.size_line = number;
        if (!line.empty() && line.front() == 'N') builder.least_line = number;
        if (const char* what = builder.add(line)) complain(Complaint{number, what});
    }
    while (const char* what = builder.finish(line_length)) {
        if (builder.wrong_line != 0) complain(Complaint{builder.wrong_line, what});
    }
    builder.config.rules = builder.rules.first(builder.rule_count);
    return builder.config;
}

}  // namespace runsuite::svlogd
