// What a runsvdir that starts services one after the other (-o) tells a runsv: its parent is to be sent a CHLD as soon as the
// service runs, or is down as it is to be. A variable for the same reasons as container_mark.
#pragma once

namespace runsuite {

inline constexpr const char* start_variable = "RUNSUITE_TELL_OF_START";
inline constexpr const char* start_mark = "RUNSUITE_TELL_OF_START=1";

}  // namespace runsuite
