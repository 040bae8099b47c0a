// sv status: one line for each service.
#pragma once

#include "sv/options.hpp"
#include "sv/output.hpp"

namespace runsuite::sv {

// The exit code.
int report_status(const Options& options, Output& output);

}  // namespace runsuite::sv
