#include "runsvdir/stop_rule.hpp"

#include <algorithm>

namespace runsuite::runsvdir {

namespace {

// Kept back from the budget for killing, in five equal parts: two until the logs have read what is left, and one each
// for the end of the groups, of the rest, and of what has to be killed then.
Instant part_of_reserve(const Stop& stop)
{
    return std::min<Instant>(std::chrono::seconds(1), stop.budget / 4) / 5;
}

Instant end_of_services(const Stop& stop)
{
    return stop.began + stop.budget - 5 * part_of_reserve(stop);
}

Instant end_of_rest(const Stop& stop, Instant now)
{
    const Instant part = part_of_reserve(stop);
    const Instant soon = now + part;
    return stop.is_hurried ? soon : std::max(soon, stop.began + stop.budget - part);
}

StopStep enter(Stop stop, Phase phase, Instant end, StopDue due)
{
    stop.phase = phase;
    stop.phase_end = end;
    return {stop, due};
}

StopStep end_the_rest(const Stop& stop, Instant now)
{
    return enter(stop, Phase::Rest, end_of_rest(stop, now), StopDue::TellRest);
}

StopStep tell_next(Stop stop, const Left& left, Instant now)
{
    const Instant time = end_of_services(stop) - now;
    if (stop.is_ordered) stop.turn_end = now + (left.untold > 1 ? time / 2 : time);
    return {stop, StopDue::TellNext};
}

StopStep look_for_remains(Stop stop, Instant now)
{
    stop.next_look = now + remains_pause;
    return {stop, StopDue::EndRemains};
}

StopStep while_telling(Stop stop, const Left& left, Instant now)
{
    if (!left.is_anyone()) return end_the_rest(stop, now);
    if (left.untold == 0) stop.turn_end = Instant::zero();
    if (stop.is_hurried || now >= end_of_services(stop)) {
        return enter(stop, Phase::Killing, now + 2 * part_of_reserve(stop), StopDue::KillServices);
    }
    const bool is_turn = !stop.is_ordered || left.told == 0 || now >= stop.turn_end;
    if (left.untold > 0 && is_turn) return tell_next(stop, left, now);
    if (now >= stop.began + stop.silent_until) {
        while (now >= stop.began + stop.silent_until) stop.silent_until *= 2;
        return {stop, StopDue::TellOfWait};
    }
    if (now >= stop.next_look) return look_for_remains(stop, now);
    return {stop, StopDue::Nothing};
}

StopStep while_killing(const Stop& stop, const Left& left, Instant now)
{
    if (!left.is_anyone()) return end_the_rest(stop, now);
    if (now >= stop.phase_end) return enter(stop, Phase::Groups, now + part_of_reserve(stop), StopDue::KillGroups);
    if (now >= stop.next_look) return look_for_remains(stop, now);
    return {stop, StopDue::Nothing};
}

}  // namespace

Stop begin_stop(Instant now, Instant budget, bool is_ordered)
{
    Stop stop;
    stop.began = now;
    stop.budget = budget;
    stop.is_ordered = is_ordered;
    stop.next_look = now + remains_pause;
    return stop;
}

StopStep step(const Stop& stop, const Left& left, Instant now)
{
    const bool is_over = now >= stop.phase_end;
    switch (stop.phase) {
        case Phase::Telling: return while_telling(stop, left, now);
        case Phase::Killing: return while_killing(stop, left, now);
        case Phase::Groups:
            if (left.is_anyone() && !is_over) break;
            return end_the_rest(stop, now);
        case Phase::Rest:
            if (!left.others && !left.is_anyone()) return enter(stop, Phase::Over, now, StopDue::Leave);
            if (!is_over && !stop.is_hurried) break;
            return enter(stop, Phase::RestKilled, now + part_of_reserve(stop), StopDue::KillRest);
        case Phase::RestKilled:
            if ((left.others || left.is_anyone()) && !is_over) break;
            return enter(stop, Phase::Over, now, StopDue::Leave);
        case Phase::Over: break;
    }
    return {stop, StopDue::Nothing};
}

Instant deadline(const Stop& stop)
{
    if (stop.phase == Phase::Over) return never;
    if (stop.phase == Phase::Killing) return std::min(stop.phase_end, stop.next_look);
    if (stop.phase != Phase::Telling) return stop.phase_end;
    if (stop.is_hurried) return Instant::zero();
    Instant first = std::min(end_of_services(stop), stop.next_look);
    if (stop.turn_end != Instant::zero()) first = std::min(first, stop.turn_end);
    return std::min(first, stop.began + stop.silent_until);
}

}  // namespace runsuite::runsvdir
