// How a run that ended too early is told.
//
//   exited 78 after 3 ms[, 5 times in a row]
//   killed 11, core dumped, after 3.2 s
//   ended [after 3 ms]      where nothing has written down how
#pragma once

#include "base/fixed_string.hpp"
#include "sv/run_watch.hpp"

namespace runsuite::sv {

using EndText = FixedString<120>;

EndText end_text(const EarlyEnd& end);
EndText row_text(const EarlyEnd& end);  // from the comma on; empty when it is the first

}  // namespace runsuite::sv
