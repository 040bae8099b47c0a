#include "runsvdir/scan_rule.hpp"

#include <algorithm>

#include "runsvdir/name_hash.hpp"

namespace runsuite::runsvdir {

bool Complaint::is_due(int failure, Instant now)
{
    if (failure == code && now - told < complaint_pause) return false;
    code = failure;
    told = now;
    return true;
}

bool Complaints::is_due(std::string_view name, int failure, Instant now)
{
    const std::uint32_t hash = hash_of(name);
    auto* told = std::find_if(told_.begin(), told_.end(), [=](const Told& one) { return one.name == hash; });
    if (told == told_.end()) {
        told = &told_[next_];
        *told = {.name = hash, .complaint = {}};
        next_ = (next_ + 1) % told_.size();
    }
    return told->complaint.is_due(failure, now);
}

namespace {

Instant telling_time(const Known& predecessor)
{
    const bool is_open = predecessor.term_sent != Instant::zero() && !predecessor.succession_told;
    return is_open ? predecessor.term_sent + succession_patience : never;
}

}  // namespace

Due due(const Known& known, const Known* predecessor, Instant now)
{
    if (known.pid != 0) {
        return !known.wanted && known.term_sent == Instant::zero() ? Due::Stop : Due::Nothing;
    }
    if (!known.wanted) return Due::Forget;
    if (predecessor != nullptr) return now >= telling_time(*predecessor) ? Due::Tell : Due::Nothing;
    return now >= known.not_before ? Due::Start : Due::Nothing;
}

Instant deadline(const Known& known, const Known* predecessor)
{
    if (known.pid != 0 || !known.wanted) return never;
    return predecessor != nullptr ? telling_time(*predecessor) : known.not_before;
}

Known after_start(Known known, pid_t pid, Instant now)
{
    known.pid = pid;
    known.was_started = true;
    known.not_before = now + restart_pause;
    return known;
}

Known after_term(Known known, Instant now)
{
    known.term_sent = now;
    return known;
}

Known after_take_over(Known known, pid_t pid, int watch, Instant alive_at)
{
    known.pid = pid;
    known.watch = watch;
    known.alive_at = alive_at;
    known.is_taken_over = known.was_started = true;
    return known;
}

// What we have told to end has lost its name, and is started at once when that is back.
Known after_told_death(Known known, Instant now)
{
    if (known.term_sent == Instant::zero()) known.not_before = std::max(known.not_before, now + told_pause);
    return after_death(known);
}

Known after_death(Known known)
{
    known.pid = 0;
    known.watch = -1;
    known.is_taken_over = false;
    known.term_sent = Instant::zero();
    known.succession_told = false;
    return known;
}

Known after_scan(Known known)
{
    known.wanted = known.seen;
    return known;
}

}  // namespace runsuite::runsvdir
