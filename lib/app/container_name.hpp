// What runsvdir calls a runsv (as argv[0]) when it answers for a container: standard error is the operator's log there, and
// runsv says when a service ends unasked. Called anything else it keeps to what the reference says. A name, because
// nothing of it reaches the services, and a runsv that knows nothing about it does not mind.
#pragma once

namespace runsuite {

inline constexpr const char* runsv_in_container = "container/runsv";

}  // namespace runsuite
