// When current is full, and what old log files are called.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/fixed_string.hpp"
#include "model/tai64n.hpp"

namespace runsuite::svlogd {

// current is rotated at `size` bytes, in the middle of a line if need be, and before that at the end of the first line
// that leaves less than `line` bytes. A size of 0: never.
struct Limits {
    std::uint64_t size = 0;
    std::uint64_t line = 0;
};

struct Cut {
    std::size_t count = 0;  // this many bytes go into current
    bool rotate = false;    // and then it is full

    bool operator==(const Cut&) const = default;
};

// How much of `bytes` goes into a current of `filled` bytes. `rotation_due`: the end of a line is enough, whatever
// the size.
Cut next_cut(const Limits& limits, std::uint64_t filled, bool rotation_due, std::string_view bytes);

// "@" and the 24 hex digits of the moment of the rotation, then ".s": complete, ".u": to be processed,
// ".t": what the processor has written so far.
enum class Kind : char { Complete = 's', Unprocessed = 'u', Scratch = 't' };

inline constexpr std::size_t old_name_size = 27;
using OldName = FixedString<old_name_size>;

OldName old_name(const Tai64n& moment, Kind kind);

// Everything of this length with an @ in front counts as an old log file.
bool is_old_name(std::string_view name);
bool is_kind(std::string_view name, Kind kind);

// The moment in an old name; nothing where it is not one that old_name makes.
std::optional<Tai64n> moment_of(std::string_view name);

// The stamp of the next rotation: now, but later than every one before, or a clock that was set back would make the
// newest file look like the oldest one.
Tai64n next_moment(const Tai64n& now, const Tai64n& latest);

}  // namespace runsuite::svlogd
