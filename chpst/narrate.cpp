#include "chpst/narrate.hpp"

#include <unistd.h>

#include "posix/file.hpp"

namespace runsuite::chpst {

Failure narrate(const ProcessState& state, const report::Line& line)
{
    if (!state.dry_run) {
        if (state.verbose) report::inform(line.view());
        return {};
    }
    report::Line whole = line;
    whole.append("\n");
    const auto written = write_all(STDOUT_FILENO, whole.view(), "unable to write to standard output");
    return written ? Failure{} : failure(written.error().doing, "--dry-run", written.error().code);
}

Failure narrate(const ProcessState& state, const char* words, std::string_view name)
{
    if (!is_narrated(state)) return {};
    report::Line line{words};
    report::append_name(line, name);
    return narrate(state, line);
}

}  // namespace runsuite::chpst
