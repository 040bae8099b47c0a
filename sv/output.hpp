// Standard output, gathered: many lines, few writes. Whoever waits calls flush() first.
#pragma once

#include <array>
#include <string_view>

#include "base/result.hpp"

namespace runsuite::sv {

class Output {
public:
    Output() {}
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    Output& append(std::string_view text);
    // With its control characters as '?', so that what is said of a service stays one line.
    Output& append_name(std::string_view name);
    void flush();
    // Why something could not be written, and so was lost.
    const Error& failure() const { return failure_; }

private:
    Error failure_;
    std::array<char, 32768> bytes_;
    std::size_t used_ = 0;
};

}  // namespace runsuite::sv
