#include "svlogd/options.hpp"

#include <getopt.h>

#include <string_view>

#include "base/parse.hpp"

namespace runsuite::svlogd {

namespace {

enum LongOption : int { Local = 256, Iso, Create };

constexpr option long_options[] = {{"local", no_argument, nullptr, Local},
                                   {"iso", no_argument, nullptr, Iso},
                                   {"create", no_argument, nullptr, Create},
                                   {}};

constexpr std::uint64_t default_line = 1000;
constexpr std::uint64_t default_buffer = 1024;
constexpr std::uint64_t largest_buffer = 1 << 30;

struct Replace {
    char with = '\0';
    std::string_view also;
};

bool take_number(std::uint64_t& number, std::uint64_t standard)
{
    const auto given = parse_number<std::uint64_t>(optarg);
    if (!given || *given > largest_buffer) return false;
    number = *given == 0 ? standard : *given;
    return true;
}

bool take_replacement(Replace& replace)
{
    const std::string_view text = optarg;
    if (text.size() != 1) return false;
    replace.with = text.front();
    return true;
}

void count_stamp(StampFormat& stamp)
{
    if (stamp == StampFormat::None) stamp = StampFormat::Tai64n;
    else if (stamp == StampFormat::Tai64n) stamp = StampFormat::Underscore;
    else if (stamp == StampFormat::Underscore) stamp = StampFormat::Iso;
}

// The newline is what makes lines; nothing replaces it.
void fill_replacement(Options& options, const Replace& replace)
{
    const char with = replace.with != '\0' ? replace.with : '_';
    for (unsigned byte = 0; byte < 256; ++byte) {
        const char letter = static_cast<char>(byte);
        const bool is_printable = byte >= 32 && byte <= 126;
        const bool goes = letter != '\n' && (!is_printable || replace.also.find(letter) != replace.also.npos);
        options.replacement[byte] = goes ? with : letter;
    }
}

bool take(int letter, Options& options, Replace& replace)
{
    switch (letter) {
        case 't': count_stamp(options.stamp); return true;
        case 'v': options.verbose = true; return true;
        case 'V': options.show_version = true; return true;
        case 'r': options.replaces = true; return take_replacement(replace);
        case 'R':
            options.replaces = true;
            replace.also = optarg;
            return true;
        case 'l': return take_number(options.line_length, default_line);
        case 'b': return take_number(options.buffer_size, default_buffer);
        case Local: options.local_time = true; return true;
        case Iso: options.stamp = StampFormat::IsoOffset; return true;
        case Create: options.create = true; return true;
    }
    return false;
}

}  // namespace

std::optional<Options> parse_options(int argc, char* argv[])
{
    Options options;
    Replace replace;
    int letter = 0;
    while ((letter = ::getopt_long(argc, argv, "+R:r:l:b:tvV", long_options, nullptr)) != -1) {
        if (!take(letter, options, replace)) return std::nullopt;
    }
    if (options.show_version) return options;
    if (optind >= argc || options.buffer_size <= options.line_length) return std::nullopt;
    if (options.replaces) fill_replacement(options, replace);
    options.directories = {argv + optind, static_cast<std::size_t>(argc - optind)};
    return options;
}

}  // namespace runsuite::svlogd
