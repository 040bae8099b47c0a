#include "init/power.hpp"

#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

namespace runsuite::init {

namespace {

int command_of(Power how)
{
    switch (how) {
        case Power::Reboot: return RB_AUTOBOOT;
        case Power::Off: return RB_POWER_OFF;
        case Power::Halt: break;
    }
    return static_cast<int>(RB_HALT_SYSTEM);  // glibc's is unsigned
}

}  // namespace

void catch_ctrl_alt_del()
{
    ::reboot(RB_DISABLE_CAD);
}

// By a child: where the kernel cannot halt it ends the process that has asked, and the end of process 1 is a panic.
Error end_machine(Power how)
{
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::reboot(command_of(how));
        ::_exit(errno);
    }
    if (pid < 0) {
        ::reboot(command_of(how));
        return Error::last("end the machine");
    }
    int wait_status = 0;
    while (::waitpid(pid, &wait_status, 0) < 0 && errno == EINTR) {
    }
    return {"end the machine", WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 0};
}

}  // namespace runsuite::init
