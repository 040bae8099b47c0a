#include "runsvdir/start_trial.hpp"

#include <algorithm>

namespace runsuite::runsvdir {

namespace {

constexpr int could_not_supervise = 111 << 8 | 1 << 16;  // as Container::tell_of_death notes it

bool has_lasted(const Known& known, Instant now)
{
    return known.pid != 0 && now >= known.not_before;
}

bool has_failed(const Known& known)
{
    return known.pid == 0 && (known.complaint.code != 0 || known.death_complaint.code == could_not_supervise);
}

}  // namespace

Verdict StartTrial::judge(std::span<const Known> services, Instant now)
{
    if (now < at_) return Verdict::Later;
    const Verdict verdict = this->verdict(services, now);
    at_ = verdict == Verdict::Later ? now + restart_pause / 4 : never;
    return verdict;
}

Verdict StartTrial::verdict(std::span<const Known> services, Instant now) const
{
    if (!has_directory_) return Verdict::NoDirectory;
    if (services.empty()) return Verdict::Works;
    if (std::any_of(services.begin(), services.end(), [=](const Known& known) { return has_lasted(known, now); }))
        return Verdict::Works;
    return std::all_of(services.begin(), services.end(), has_failed) ? Verdict::NoService : Verdict::Later;
}

}  // namespace runsuite::runsvdir
