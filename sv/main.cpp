// sv: reports the state of services that runsv(8) supervises, and controls them.
#include <cstdlib>

#include "app/report.hpp"
#include "posix/file.hpp"
#include "sv/command_run.hpp"
#include "sv/exit_code.hpp"
#include "sv/options.hpp"
#include "sv/status_report.hpp"

using namespace runsuite;

namespace {

int usage(const sv::Parsed& parsed)
{
    report::Line line;
    switch (parsed.usage) {
        case sv::Usage::Good:
        case sv::Usage::Wrong: break;
        case sv::Usage::UnknownOption: line.append("illegal option -- "); break;
        case sv::Usage::ArgumentMissing: line.append("option requires an argument -- "); break;
        case sv::Usage::NoNumber: line.append("not a number of seconds -- "); break;
        case sv::Usage::Version: line.append("runsuite " RUNSUITE_VERSION); break;
    }
    if (parsed.usage != sv::Usage::Version && !line.view().empty()) line.append({&parsed.option, 1});
    if (!line.view().empty()) report::inform(line.view());
    return report::usage(parsed.synopsis(), parsed.usage_code());
}

}  // namespace

int main(int argc, char* argv[])
{
    // Or a report would go into whatever takes the place of a closed standard output: a control pipe, say.
    open_standard_descriptors();
    const auto parsed =
        sv::parse(argc, const_cast<const char**>(argv), {std::getenv("SVDIR"), std::getenv("SVWAIT")});
    report::program(parsed.program);
    if (parsed.usage != sv::Usage::Good) return usage(parsed);

    sv::Output output;
    if (parsed.options.command->act == sv::Act::Report) return sv::report_status(parsed.options, output);
    if (parsed.ignored_svwait && parsed.options.waits) report::warn("SVWAIT is not a number of seconds: ignored");
    sv::CommandRun run{parsed.options, output};
    if (const auto opened = run.open(); !opened) {
        return report::fatal(opened.error(), parsed.options.init_script ? sv::init_code::fatal : sv::fatal_code);
    }
    return sv::code_of_failures(run.run(), parsed.options.init_script);
}
