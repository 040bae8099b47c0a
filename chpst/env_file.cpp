#include "chpst/env_file.hpp"

#include <algorithm>

namespace runsuite::chpst {

bool has_first_line(std::string_view contents)
{
    return contents.find('\n') != std::string_view::npos;
}

std::optional<std::string_view> decode_env_file(std::span<char> contents)
{
    if (contents.empty()) return std::nullopt;
    const auto newline = std::find(contents.begin(), contents.end(), '\n');
    auto line = contents.first(static_cast<std::size_t>(newline - contents.begin()));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line = line.first(line.size() - 1);
    std::replace(line.begin(), line.end(), '\0', '\n');
    return std::string_view{line.data(), line.size()};
}

}  // namespace runsuite::chpst
