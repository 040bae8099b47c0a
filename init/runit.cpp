#include <unistd.h>

#include "app/report.hpp"
#include "init/supervisor.hpp"

int main()
{
    using namespace runsuite;
    if (::getpid() != 1) {
        report::program("- runit");
        report::inform("fatal: must be run as process no 1.");
        return 111;
    }
    init::Supervisor supervisor;
    supervisor.open();
    return supervisor.run();
}
