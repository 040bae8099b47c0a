// How everything is stopped in order, within one budget of time, by a runsvdir that answers for a whole container.
//
// The services first: each runsv is told to end its service; the foreground command is told like one of them. In order
// (-o) the next one is told when nobody who was told is left, or has used up half of the time that the others have. What
// has not ended shortly before the end of the budget is killed: the services, then whole groups, which takes the logs.
// Then the processes that nobody supervises get a TERM, and in the end a KILL.
//
// What a service has left behind keeps its log from ending, and so its runsv: it is ended too, with a TERM while services are
// told and with a KILL while they are killed. Nothing tells when a service leaves something, so that is looked for.
//
//   phase     when                                      due           next phase
//   --------  ----------------------------------------  ------------  ----------------------------------------------
//   Telling   nobody is left                            TellRest      Rest
//   Telling   hurried, or the services' time is over    KillServices  Killing
//   Telling   someone is not told, and it is the turn   TellNext      Telling (without an order it is always the turn)
//   Telling   1, 2, 4, 8 ... seconds are over           TellOfWait    Telling
//   Telling, Killing  every tenth of a second           EndRemains    the same
//   Killing   nobody is left                            TellRest      Rest
//   Killing   the logs' time is over                    KillGroups    Groups
//   Groups    nobody is left, or the time is over       TellRest      Rest
//   Rest      no process is left                        Leave         Over
//   Rest      the time is over                          KillRest      RestKilled
//   RestKilled  no process is left, or the time is over Leave         Over
#pragma once

#include <chrono>
#include <cstddef>

#include "base/instant.hpp"

namespace runsuite::runsvdir {

// A stop that takes longer says what it waits for, and again each time it has taken twice as long.
inline constexpr Instant silent_wait = std::chrono::seconds(1);
// Between two looks for what services have left behind.
inline constexpr Instant remains_pause = std::chrono::milliseconds(100);

enum class Phase : unsigned char { Telling, Killing, Groups, Rest, RestKilled, Over };

enum class StopDue : unsigned char {
    Nothing,
    TellNext,
    TellOfWait,
    EndRemains,
    KillServices,
    KillGroups,
    TellRest,
    KillRest,
    Leave,
};

// Who lives, as the caller sees it.
struct Left {
    std::size_t told = 0;    // runsv and the command that were told
    std::size_t untold = 0;  // and that were not
    bool others = false;     // processes that are neither

    bool is_anyone() const { return told + untold > 0; }
};

struct Stop {
    Phase phase = Phase::Telling;
    bool is_ordered = false;
    bool is_hurried = false;
    Instant began{};
    Instant budget{};
    Instant silent_until = silent_wait;  // since it began
    Instant phase_end{};                 // of the phases after Telling
    Instant turn_end{};                  // the next one is told then, though nobody has ended
    Instant next_look{};                 // for what services have left behind
};

inline constexpr Instant default_budget = std::chrono::seconds(8);
struct StopStep {
    Stop next;
    StopDue due = StopDue::Nothing;
};

Stop begin_stop(Instant now, Instant budget, bool is_ordered);
// What is due now; to be asked again, with who is left then, until there is nothing.
StopStep step(const Stop& stop, const Left& left, Instant now);
// When to ask again if nobody ends; never only when it is over.
Instant deadline(const Stop& stop);

}  // namespace runsuite::runsvdir
