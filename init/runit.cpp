#include <unistd.h>

#include "app/about.hpp"
#include "app/report.hpp"
#include "init/supervisor.hpp"

int main(int argc, char* argv[])
{
    using namespace runsuite;
    if (::getpid() != 1) {
        constexpr about::Program self{"runit", "", "boots, runs and ends a machine, as its first process"};
        if (const auto code = about::answer(argc, argv, self)) return *code;
        report::program("- runit");
        report::inform("fatal: must be run as process no 1.");
        return 111;
    }
    init::Supervisor supervisor;
    supervisor.open();
    return supervisor.run();
}
