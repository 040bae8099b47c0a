// One end of ./run, as supervise/deaths keeps it: a line of text that is 80 bytes long, blanks in front of its newline.
//
//   @TAI64N HOW NUMBER core|- SECONDS.MILLISECONDS asked|unasked CAUSE|-
//
// The file is a ring of 32 such records: the oldest makes room for the next. sort(1) puts them into their order.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "model/exit_record.hpp"
#include "model/tai64n.hpp"

namespace runsuite {

struct DeathRecord {
    static constexpr std::size_t size = 80;
    static constexpr unsigned kept = 32;

    // What had it ended, where that was runsv or the system.
    enum class Cause : unsigned char { None, Probe, Watchdog, TimeoutUp, OutOfMemory };

    Tai64n at;
    ExitRecord end;
    bool core = false;
    std::chrono::milliseconds ran{};
    bool asked = false;  // somebody had told it to end, or not to be started again
    Cause cause = Cause::None;

    using Line = std::array<char, size>;
    Line encode() const;
    // Nothing when it is no such line. A cause that this version does not know is none.
    static std::optional<DeathRecord> decode(std::string_view line);

    bool operator==(const DeathRecord&) const = default;
};

}  // namespace runsuite
