// The command line, see svlogd(8).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "svlogd/time_stamp.hpp"

namespace runsuite::svlogd {

inline constexpr const char* synopsis =
    "[-tttv] [-r c] [-R xyz] [-l len] [-b buflen] [--iso] [--local] [--create] dir ...";

struct Options {
    StampFormat stamp = StampFormat::None;
    bool local_time = false;  // --local
    bool verbose = false;     // -v
    bool create = false;      // --create
    bool show_version = false;
    std::uint64_t line_length = 1000;     // -l
    std::uint64_t buffer_size = 1024;     // -b
    bool replaces = false;                // -r or -R
    std::array<char, 256> replacement{};  // of every byte, where `replaces`
    std::span<char* const> directories;
};

// Nothing when the command line is wrong.
std::optional<Options> parse_options(int argc, char* argv[]);

}  // namespace runsuite::svlogd
