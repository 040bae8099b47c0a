#include "runsvdir/start_trial.hpp"

namespace runsuite::runsvdir {

namespace {

constexpr int could_not_supervise = 111 << 8 | 1 << 16;  // as Container::tell_of_death notes it

}  // namespace

bool StartTrial::has_lasted(const Known& known, Instant now)
{
    return known.pid != 0 && now >= known.not_before;
}

bool StartTrial::has_failed(const Known& known)
{
    return known.pid == 0 && (known.complaint.code != 0 || known.death_complaint.code == could_not_supervise);
}

}  // namespace runsuite::runsvdir
