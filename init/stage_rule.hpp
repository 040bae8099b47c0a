// The life of a machine: stage 1, stage 2, stage 3, the end. Values only: no clock, no process, no file.
//
//   state     what ends it                                     next
//   --------  -----------------------------------------------  ------------------------------------------------------
//   One       stage 1 crashed, or exited 100                   Three: stage 2 is skipped
//             it ended in any other way, or cannot be run      Two
//   Two       stage 2 crashed, or exited 111                   Clearing: what is left of its process group gets a KILL
//             it ended in any other way                        Three
//             it cannot be run                                 Rescue; after a rescue shell, Three
//             told to stop                                     Stopping: it gets a TERM; Three when it does not run yet
//   Rescue    the shell ended                                  Two
//             no shell can be run                              Three
//             told to stop                                     Stopping
//   Clearing  the group is gone, or five seconds are over      Two, no sooner than a second after its last start
//             told to stop                                     Three
//   Stopping  what was told ended                              Three
//             the grace is over                                Killing: it gets a KILL
//   Killing   it ended, or five seconds are over               Three: it is left behind
//   Three     stage 3 ended, or cannot be run                  Ending: everything gets a KILL
//   Ending    no process is left, or its time is over          Over: the machine is rebooted, or powered off
//
// One, Two, Rescue and Three start their script when they are entered; where no process can be made, again a second
// later. ctrlaltdel runs beside stage 2 and holds up nothing. Orphans are no matter of this rule: the loop reaps them in
// every state.
#pragma once

#include "base/fixed_list.hpp"
#include "base/instant.hpp"

namespace runsuite::init {

enum class Script : unsigned char { One, Two, Three, CtrlAltDel, Rescue };

enum class State : unsigned char { One, Two, Rescue, Clearing, Stopping, Killing, Three, Ending, Over };

// Stage 2 may take that long to end after its TERM, where nothing else was said.
inline constexpr Instant default_grace = std::chrono::seconds(5);
// After a KILL; only a process that the kernel cannot end takes longer.
inline constexpr Instant longest_death = std::chrono::seconds(5);

struct Machine {
    State state = State::One;
    Script script = Script::One;  // that `pid` runs
    int pid = 0;                  // 0: nothing runs that is waited for
    int group = 0;                // the process group of the stage 2 that crashed
    int ctrlaltdel_pid = 0;
    bool rescued = false;  // stage 2 could not be run, and there was a rescue shell for it
    bool failed = false;   // stage 3 was entered because of what went wrong before, not because somebody wanted it
    Instant started{};     // the last time something was
    Instant not_before{};  // of the next attempt to start something
    Instant state_end = never;

    bool operator==(const Machine&) const = default;
};

struct Event {
    enum class What : unsigned char {
        Tick,        // time has passed, or processes ended that are not waited for
        Started,     // the answer to Start: `script` is `pid` now
        NotStarted,  // no process could be made
        NotRun,      // it became a process, but not the program
        Ended,       // `pid`, one that is waited for, ended with `wait_status`
        Told,        // to stop the machine
        CtrlAltDel,  // the keys were pressed
    };
    What what = What::Tick;
    Instant now{};
    Script script = Script::One;
    int pid = 0;
    int wait_status = 0;
    Instant grace = default_grace;  // Told: as it is set now
    bool anyone_left = false;       // Clearing: in the group; Ending: at all
};

struct Action {
    enum class What : unsigned char {
        Start,      // `script`; to be answered at once
        Say,        // `text`, and the name of `script` behind it
        SayPlain,   // `text`
        SayEnd,     // how `script` ended: `wait_status`
        Terminate,  // TERM and CONT to `pid`
        Kill,       // KILL to `pid`
        KillGroup,  // KILL to the process group `pid`
        KillAll,    // KILL to everything
        Remind,     // CONT to this process
    };
    What what = What::Start;
    Script script = Script::One;
    const char* text = "";
    int pid = 0;
    int wait_status = 0;
};

using Actions = FixedList<Action, 8>;  // more than any single step asks for; a test counts

struct Step {
    Machine next;
    Actions actions;
};

// What follows from `event`. The actions are to be carried out in their order, and their answers fed back at once.
Step step(const Machine& machine, const Event& event);

// When the next Tick is due; never, when only an event can change anything.
Instant deadline(const Machine& machine);

// Whether this is the time of stage 2, in which alone the machine can be told anything.
bool takes_requests(const Machine& machine);

}  // namespace runsuite::init
