// What the file supervise/lock says to the runsv after the one that holds it: which processes that one has in its care, and
// what is wanted of the service. Its bytes are those of the value, since nobody reads them on another machine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "base/process_mark.hpp"
#include "model/status_record.hpp"
#include "model/tai64n.hpp"

namespace runsuite {

struct LockRecord {
    enum class Phase : std::uint8_t { Down, Preparing, Run, Finish };  // Preparing: control/u is at work

    std::array<char, 16> format = the_format;
    ProcessSpace space;
    std::uint64_t device =
        0;  // of the service directory, or of its log directory: a copy of the file tells nothing
    std::uint64_t inode = 0;
    ProcessMark runsv;
    ProcessMark process;              // ./run, ./finish or control/u, as `phase` says
    ProcessMark script_process;       // control/`script`, which a command waits for
    std::uint64_t since_seconds = 0;  // of `phase`: TAI64N, in two parts so that there is no padding
    std::uint32_t since_nanoseconds = 0;
    Phase phase = Phase::Down;
    Want want = Want::Up;
    bool once = false;
    bool paused = false;
    bool term_sent = false;
    bool told_to_end = false;
    char script = 0;
    std::array<std::uint8_t, 5> reserved{};

    static constexpr std::array<char, 16> the_format{"runsuite lock 1"};

    Tai64n since() const { return {since_seconds, since_nanoseconds}; }
    void set_since(Tai64n moment)
    {
        since_seconds = moment.seconds;
        since_nanoseconds = moment.nanoseconds;
    }

    std::string_view bytes() const { return {reinterpret_cast<const char*>(this), sizeof *this}; }
    // Nothing where it is anything else.
    static std::optional<LockRecord> decode(std::string_view bytes);

    bool operator==(const LockRecord&) const = default;
};

static_assert(std::has_unique_object_representations_v<LockRecord>, "a byte of padding would be anything");

}  // namespace runsuite
