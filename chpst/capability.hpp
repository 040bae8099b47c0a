// Capabilities by name, see capabilities(7), and what is to be done to a set of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace runsuite::chpst {

using CapabilitySet = std::uint64_t;  // bit N is capability N

// "+NAME" adds, "-NAME" removes, from left to right; "all" is a name. A value.
struct CapabilityChange {
    CapabilitySet add = 0;
    CapabilitySet remove = 0;
    CapabilitySet named = 0;  // of `add`: asked for by name, so failing to give it is a failure

    bool any() const { return (add | remove) != 0; }
    CapabilitySet of(CapabilitySet set) const { return (set & ~remove) | add; }
    bool operator==(const CapabilityChange&) const = default;
};

// NAME as in capabilities(7), in either case, with or without "cap_"; "cap_N" is the N-th one.
std::optional<CapabilityChange> parse_capability_change(std::string_view list);

// nullptr for a number that has no name yet.
const char* capability_name(unsigned number);

}  // namespace runsuite::chpst
