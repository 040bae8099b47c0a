#include <cstddef>
#include <new>

#include "app/about.hpp"
#include "app/kept_lines.hpp"
#include "app/report.hpp"
#include "posix/file.hpp"
#include "svlogd/logger.hpp"

int main(int argc, char* argv[])
{
    using namespace runsuite;
    constexpr about::Program self{"svlogd", svlogd::synopsis,
                                  "writes standard input into rotated logs in each dir"};
    if (const auto code = about::answer(argc, argv, self)) return *code;
    open_standard_descriptors();
    report::program("svlogd");
    const auto options = svlogd::parse_options(argc, argv);
    if (options && options->show_version) report::inform("runsuite " RUNSUITE_VERSION);
    if (!options || options->show_version) return report::usage(svlogd::synopsis, 111);

    report::keep_lines_when_full();
    // Not on the stack: beside libc's own data it costs no page of its own, and there is one of it for every service.
    alignas(svlogd::Logger) static std::byte room[sizeof(svlogd::Logger)];
    auto* const logger = new (room) svlogd::Logger;
    if (const auto opened = logger->open(*options); !opened)
        return report::last_words(report::fatal(opened.error()));
    return report::last_words(logger->run());
}
