// What runsvdir tells a runsv when it answers for a container: standard error is the operator's log there, and runsv says
// when a service ends unasked. Without it runsv keeps to what the reference says. A variable, because ps(1) and all who
// look for "runsv NAME" see nothing of it; runsv takes it out again before a service inherits it.
#pragma once

namespace runsuite {

inline constexpr const char* container_variable = "RUNSUITE_CONTAINER";
inline constexpr const char* container_mark = "RUNSUITE_CONTAINER=1";

}  // namespace runsuite
