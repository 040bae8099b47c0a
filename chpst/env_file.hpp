// One file of the directory that -e reads: its name is that of a variable, its first line the value.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace runsuite::chpst {

// The longest "NAME=VALUE" that Linux hands to a program, so no file has to be read any further.
inline constexpr std::size_t longest_variable = 131072;

// Whether the file says anything: names with a dot in front do not.
constexpr bool is_variable_file(std::string_view file_name)
{
    return !file_name.starts_with('.');
}

// A name with "=" would set another variable.
constexpr bool is_variable_name(std::string_view file_name)
{
    return !file_name.empty() && file_name.find('=') == std::string_view::npos;
}

// Whether `contents` hold the whole first line, so that nothing more has to be read.
bool has_first_line(std::string_view contents);

// The value in `contents`, which are changed for it; nothing when the file is empty: the variable is to be removed.
// Blanks at the end of the first line are cut, then its NULs become newlines.
std::optional<std::string_view> decode_env_file(std::span<char> contents);

}  // namespace runsuite::chpst
