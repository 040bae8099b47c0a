#include <unistd.h>

#include <csignal>
#include <string_view>

#include "app/about.hpp"
#include "app/report.hpp"
#include "init/flag.hpp"
#include "init/paths.hpp"
#include "posix/spawn.hpp"

namespace {

using namespace runsuite;

// The end of process 1 is a panic of the kernel: without runit there is at least a shell.
int become_first()
{
    const char* const runit[] = {init::runit, nullptr};
    report::fatal(Error{"run", exec_program(runit[0], runit, environ, nullptr)}, runit[0]);
    const char* const shell[] = {init::shell, nullptr};
    return report::fatal(Error{"run", exec_program(shell[0], shell, environ, nullptr)}, shell[0]);
}

int tell_first(bool is_reboot)
{
    if (auto told = is_reboot ? init::set(init::reboot) : init::clear(init::reboot); !told) {
        return report::fatal(told.error());
    }
    if (auto told = init::set(init::stopit); !told) return report::fatal(told.error());
    if (::kill(1, SIGCONT) < 0) return report::fatal(Error::last("send CONT to process no 1"));
    return 0;
}

}  // namespace

int main(int argc, char* argv[])
{
    report::program("init");
    if (::getpid() == 1) return become_first();
    constexpr about::Program self{
        "runit-init", "0|6",
        "becomes runit as the first process, or tells it to halt (0) or to reboot (6) the machine"};
    if (const auto code = about::answer(argc, argv, self)) return *code;
    const std::string_view level = argc > 1 ? argv[1] : "";
    if (level == "0" || level == "6") return tell_first(level == "6");
    report::program(argc > 0 ? argv[0] : "init");
    return report::usage("0|6", 0);
}
