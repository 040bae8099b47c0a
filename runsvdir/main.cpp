#include <unistd.h>

#include "app/about.hpp"
#include "app/kept_lines.hpp"
#include "app/report.hpp"
#include "posix/file.hpp"
#include "runsvdir/options.hpp"
#include "runsvdir/supervisor.hpp"

int main(int argc, char* argv[])
{
    using namespace runsuite;
    constexpr about::Program self{"runsvdir", runsvdir::synopsis,
                                  "runs a runsv for each service directory in dir"};
    if (const auto code = about::answer(argc, argv, self)) return *code;
    open_standard_descriptors();
    report::program("runsvdir");
    if (const auto wrong = runsvdir::misuse(argc, argv, ::getpid() == 1)) {
        report::fatal(Error{wrong->why}, wrong->word);
        return report::usage(runsvdir::synopsis, 100);
    }
    const auto options = runsvdir::parse(argc, argv);
    if (!options) return report::usage(runsvdir::synopsis, 1);

    report::program("runsvdir", options->directory);
    report::keep_lines_when_full();
    runsvdir::Supervisor supervisor;
    if (auto opened = supervisor.open(*options); !opened)
        return report::last_words(report::fatal(opened.error(), 100));
    return report::last_words(supervisor.run());
}
