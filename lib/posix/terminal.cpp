#include "posix/terminal.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace runsuite {

bool is_in_foreground(int terminal)
{
    // In a pid namespace both are 0 when the group is one from outside.
    return ::tcgetpgrp(terminal) == ::getpgrp();
}

pid_t foreground_of(int terminal)
{
    return std::max<pid_t>(::tcgetpgrp(terminal), 0);
}

void take_foreground(int terminal)
{
    block_background_stop();
    ::tcsetpgrp(terminal, ::getpgrp());
}

void block_background_stop()
{
    sigset_t stop;
    ::sigemptyset(&stop);
    ::sigaddset(&stop, SIGTTOU);
    ::sigprocmask(SIG_BLOCK, &stop, nullptr);
}

}  // namespace runsuite
