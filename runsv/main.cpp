#include <cstddef>
#include <cstdlib>
#include <new>

#include "app/about.hpp"
#include "app/container_mark.hpp"
#include "app/kept_lines.hpp"
#include "app/report.hpp"
#include "app/start_mark.hpp"
#include "posix/file.hpp"
#include "posix/start_words.hpp"
#include "runsv/supervisor.hpp"

using namespace runsuite;

int main(int argc, char* argv[])
{
    constexpr about::Program self{"runsv", "dir",
                                  "keeps the service in dir and its log running, and takes commands for it"};
    if (const auto code = about::answer(argc, argv, self)) return *code;
    gather_start_words(argv);
    open_standard_descriptors();
    report::program("runsv");
    if (argc != 2) return report::usage("dir", 1);
    report::program("runsv", argv[1]);
    report::keep_lines_when_full();

    // Not on the stack: beside libc's own data it costs no page of its own, and there is one of it for every service.
    alignas(runsv::Supervisor) static std::byte room[sizeof(runsv::Supervisor)];
    auto* const supervisor = new (room) runsv::Supervisor;
    if (std::getenv(container_variable) != nullptr) {
        ::unsetenv(container_variable);
        supervisor->tell_of_ends();
    }
    if (std::getenv(start_variable) != nullptr) {
        ::unsetenv(start_variable);
        supervisor->tell_of_start();
    }
    if (const auto opened = supervisor->open(argv[1]); !opened)
        return report::last_words(report::fatal(opened.error()));
    return report::last_words(supervisor->run());
}
