// How a program ended, as one line of text: "exited 3", "killed 9", or "unknown" when it was not our child.
#pragma once

#include <optional>
#include <string_view>

#include "base/fixed_string.hpp"

namespace runsuite {

struct ExitRecord {
    enum class How : unsigned char { Exited, Killed, Unknown };
    How how = How::Unknown;
    int number = 0;  // the exit code, or the signal

    // From what wait(2) tells; -1 is unknown.
    static ExitRecord of(int wait_status);
    static std::optional<ExitRecord> parse(std::string_view text);

    FixedString<24> text() const;  // without a newline
    int exit_code() const;  // of somebody who ends because this one has: 128 and the signal, 111 when unknown

    bool operator==(const ExitRecord&) const = default;
};

}  // namespace runsuite
