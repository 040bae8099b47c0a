#include "chpst/narrate.hpp"

#include <unistd.h>

#include "posix/file.hpp"

namespace runsuite::chpst {

void narrate(const ProcessState& state, const report::Line& line)
{
    if (!state.dry_run) {
        if (state.verbose) report::inform(line.view());
        return;
    }
    report::Line whole = line;
    whole.append("\n");
    // Nobody is left to tell when standard output fails.
    (void)write_all(STDOUT_FILENO, whole.view(), "write");
}

void narrate(const ProcessState& state, const char* words, std::string_view name)
{
    if (!is_narrated(state)) return;
    report::Line line{words};
    report::append_name(line, name);
    narrate(state, line);
}

}  // namespace runsuite::chpst
