// What -v and --dry-run tell: a line for each change.
#pragma once

#include <string_view>

#include "app/report.hpp"
#include "chpst/failure.hpp"
#include "chpst/process_state.hpp"

namespace runsuite::chpst {

// To standard output with --dry-run, where the lines are the result; to standard error, with the program's name in
// front, with -v; else nothing. Only the former can fail.
Failure narrate(const ProcessState& state, const report::Line& line);
Failure narrate(const ProcessState& state, const char* words, std::string_view name);

constexpr bool is_narrated(const ProcessState& state)
{
    return state.verbose || state.dry_run;
}

}  // namespace runsuite::chpst
