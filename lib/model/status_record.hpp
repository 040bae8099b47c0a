// What supervise/ says about a service: the 20 bytes of `status` (the first 18 are daemontools'), the line of
// `stat` and the number in `pid`. Other people's tools read these bytes; nothing may be added to them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/fixed_string.hpp"
#include "model/tai64n.hpp"

namespace runsuite {

enum class ServiceState : unsigned char { Down = 0, Run = 1, Finish = 2 };

// Exit is written as 'd' to `status`: a reader of the record alone never sees it.
enum class Want : unsigned char { Up, Down, Exit };

struct StatusRecord {
    static constexpr std::size_t size = 20;
    using Bytes = std::array<unsigned char, size>;

    Tai64n since;
    std::uint32_t pid = 0;
    bool paused = false;
    Want want = Want::Down;
    bool term_sent = false;
    ServiceState state = ServiceState::Down;

    Bytes encode() const;
    // Nothing when it is not exactly 20 bytes or the state is none of the three.
    static std::optional<StatusRecord> decode(std::span<const unsigned char> bytes);
    // Of something that runs, from what `pid` and `stat` hold; nothing when they hold anything else. `since` is unknown.
    static std::optional<StatusRecord> parse(std::string_view pid, std::string_view stat);

    bool operator==(const StatusRecord&) const = default;
};

const char* name_of(ServiceState state);

using StatText = FixedString<48>;
StatText stat_text(const StatusRecord& record);  // "run, got TERM, want down\n"

using PidText = FixedString<12>;
PidText pid_text(const StatusRecord& record);  // "1234\n", or nothing while nothing runs

}  // namespace runsuite
