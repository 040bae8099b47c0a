// utmpset: logs a terminal out in utmp(5) and wtmp(5), for the finish script of a getty.
#include <csignal>
#include <cstring>

#include "app/about.hpp"
#include "app/report.hpp"
#include "init/utmpset_file.hpp"
#include "init/utmpset_options.hpp"
#include "posix/clock.hpp"
#include "posix/file.hpp"

using namespace runsuite;

namespace {

int usage(const utmpset::Parsed& parsed)
{
    report::Line line;
    switch (parsed.usage) {
        case utmpset::Usage::Good:
        case utmpset::Usage::Wrong: break;
        case utmpset::Usage::UnknownOption: line.append("illegal option -- "); break;
        case utmpset::Usage::ArgumentMissing: line.append("option requires an argument -- "); break;
        case utmpset::Usage::Version: line.append("runsuite " RUNSUITE_VERSION); break;
    }
    if (parsed.usage != utmpset::Usage::Version && !line.view().empty()) line.append({&parsed.option, 1});
    if (!line.view().empty()) report::inform(line.view());
    return report::usage(utmpset::synopsis, 1);
}

// `file` is "utmp" or "wtmp". An Error without a code is a reason of ours.
int fail(const Error& why, const char* line, const char* file)
{
    if (why.name != nullptr) return report::fatal(why);  // the file itself was not to be had
    report::Line text{"unable to logout line "};
    report::append_name(text, line);
    text.append(" in ").append(file).append(": ");
    report::warn(text.append(why.code != 0 ? report::reason(why.code) : why.doing).view());
    return 111;
}

int log_out(const utmpset::Options& options)
{
    const std::string_view line = options.line;
    if (line.size() > utmpset::longest_line) return fail({"name too long"}, options.line, "utmp");
    const std::int64_t now = std::chrono::duration_cast<std::chrono::seconds>(wall_now()).count();
    utmpset::Layout layout{};
    {
        auto utmp = utmpset::RecordFile::open_utmp(options.utmp);
        if (!utmp) return fail(utmp.error(), options.line, "utmp");
        const auto count = utmp->log_out(line, now);
        if (!count) return fail(count.error(), options.line, "utmp");
        if (*count == 0) return fail({"no such entry"}, options.line, "utmp");
        layout = utmp->layout();
    }
    if (!options.writes_wtmp) return 0;
    auto wtmp = utmpset::RecordFile::open_wtmp(options.wtmp, layout);
    if (!wtmp) return fail(wtmp.error(), options.line, "wtmp");
    const auto appended = wtmp->append_logout(line, now);
    return appended ? 0 : fail(appended.error(), options.line, "wtmp");
}

}  // namespace

int main(int argc, char* argv[])
{
    constexpr about::Program self{"utmpset", utmpset::synopsis, "logs a terminal out in utmp and wtmp"};
    if (const auto code = about::answer(argc, argv, self)) return *code;
    open_standard_descriptors();
    std::signal(SIGXFSZ, SIG_IGN);  // the write(2) fails instead, with a reason
    report::program("utmpset");
    const auto parsed = utmpset::parse(argv + (argc > 0 ? 1 : 0));
    return parsed.usage == utmpset::Usage::Good ? log_out(parsed.options) : usage(parsed);
}
