// The lines that sv prints, without their end.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "model/status_record.hpp"
#include "sv/output.hpp"
#include "sv/run_watch.hpp"
#include "sv/service_place.hpp"

namespace runsuite::sv {

// "STATE: NAME: ...", by the clock as it is now.
void append_status(Output& output, std::string_view name, ServicePlace& place, const StatusRecord& record);

// "fail: NAME: ..." when there is nobody to talk to, otherwise "warning: NAME: unable to ...: REASON". `suffix` goes
// behind the name: "/log".
void append_failure(Output& output, std::string_view name, std::string_view suffix, const Error& why);

// "fail: NAME: exited 78 after 3 ms, 5 times in a row", or why ./run cannot be started.
void append_early_end(Output& output, std::string_view name, ServicePlace& place, const EarlyEnd& end);

bool is_fail_line(const Error& why);

}  // namespace runsuite::sv
