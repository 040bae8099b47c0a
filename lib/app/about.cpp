#include "app/about.hpp"

#include <unistd.h>

#include <string_view>

#include "app/report.hpp"
#include "posix/file.hpp"

namespace runsuite::about {

std::optional<int> answer(int argc, const char* const* argv, const Program& program)
{
    if (argc != 2) return std::nullopt;
    const std::string_view word = argv[1];
    report::Line text;
    if (word == "--version") text.append("runsuite " RUNSUITE_VERSION "\n");
    else if (word == "--help") {
        text.append("usage: ").append(program.name);
        if (*program.synopsis != '\0') text.append(" ").append(program.synopsis);
        text.append("\n\n");
        text.append(program.name).append(" ").append(program.purpose).append("; see ");
        text.append(program.name).append("(8).\n");
    } else return std::nullopt;

    report::program(program.name);
    const auto written = write_all(STDOUT_FILENO, text.view(), "write to standard output");
    return written ? 0 : report::fatal(written.error());
}

}  // namespace runsuite::about
