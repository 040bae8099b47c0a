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

int wrong_usage(const sv::Parsed& parsed)
{
    report::Line line;
    switch (parsed.usage) {
        case sv::Usage::Good:
        case sv::Usage::Version:
        case sv::Usage::Help:
        case sv::Usage::Wrong: break;
        case sv::Usage::UnknownOption: line.append("illegal option -- "); break;
        case sv::Usage::ArgumentMissing: line.append("option requires an argument -- "); break;
        case sv::Usage::NoNumber: line.append("not a number of seconds -- "); break;
    }
    if (!line.view().empty()) report::inform(line.append({&parsed.option, 1}).view());
    return report::usage(parsed.synopsis(), parsed.usage_code());
}

int help(const sv::Parsed& parsed, sv::Output& output)
{
    constexpr std::string_view column = "                  ";
    output.append("usage: ").append_name(parsed.program).append(" ").append(parsed.synopsis()).append("\n");
    for (const sv::CommandWord& row : sv::command_words) {
        const std::string_view word = row.word;
        if (row.help == nullptr) continue;
        output.append("  ").append(word).append({column.data(), column.size() - word.size()});
        output.append(row.help).append("\n");
    }
    return 0;
}

int carry_out(const sv::Parsed& parsed, sv::Output& output)
{
    if (parsed.options.command->act == sv::Act::Report) return sv::report_status(parsed.options, output);
    if (parsed.options.waits) {
        if (parsed.ignored_svwait) report::warn("SVWAIT is not a number of seconds: ignored");
        if (parsed.ignored_svsettle) report::warn("SVSETTLE is not a number of seconds: ignored");
    }
    sv::CommandRun run{parsed.options, output};
    if (const auto opened = run.open(); !opened) {
        return report::fatal(opened.error(), parsed.fatal_code());
    }
    return sv::code_of_failures(run.run(), parsed.options.init_script);
}

int answer(const sv::Parsed& parsed, sv::Output& output)
{
    switch (parsed.usage) {
        case sv::Usage::Good: return carry_out(parsed, output);
        case sv::Usage::Version: output.append("runsuite " RUNSUITE_VERSION "\n"); return 0;
        case sv::Usage::Help: return help(parsed, output);
        case sv::Usage::Wrong:
        case sv::Usage::UnknownOption:
        case sv::Usage::ArgumentMissing:
        case sv::Usage::NoNumber: break;
    }
    return wrong_usage(parsed);
}

}  // namespace

int main(int argc, char* argv[])
{
    // Or a report would go into whatever takes the place of a closed standard output: a control pipe, say.
    open_standard_descriptors();
    const auto parsed = sv::parse(argc, const_cast<const char**>(argv),
                                  {std::getenv("SVDIR"), std::getenv("SVWAIT"), std::getenv("SVSETTLE")});
    report::program(parsed.program);
    sv::Output output;
    const int code = answer(parsed, output);
    output.flush();
    return output.failure() ? report::fatal(output.failure(), parsed.fatal_code()) : code;
}
