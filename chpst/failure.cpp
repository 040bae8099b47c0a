#include "chpst/failure.hpp"

namespace runsuite::chpst {

namespace {

constexpr int exit_failed = 111;

}  // namespace

int print(const Failure& why, bool names_option)
{
    if (why.is_quiet) return 0;
    report::Line line{"fatal: "};
    line.append(why.words);
    if (!why.name.view().empty()) line.append(": ").append(why.name.view());
    if (why.code != 0) line.append(": ").append(report::reason(why.code));
    if (names_option && why.option != nullptr) line.append(" (option ").append(why.option).append(")");
    report::inform(line.view());
    return exit_failed;
}

}  // namespace runsuite::chpst
