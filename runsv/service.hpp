// Everything known about one supervised service, and the rule of what to do next. Values only: no clock, no process,
// no file; time is a field of every event.
#pragma once

#include "base/fixed_list.hpp"
#include "base/instant.hpp"
#include "base/result.hpp"
#include "model/command.hpp"
#include "model/status_record.hpp"
#include "model/tai64n.hpp"

namespace runsuite::runsv {

enum class Kind : unsigned char { Main, Log };

// Preparing (control/u is awaited) and Starting (./run is about to be, or what could not become it is about to end) are
// "down" to the world.
enum class State : unsigned char { Down, Preparing, Starting, Run, Finish };

// The name of a script in control/, which is the byte of its command; 0 for none.
using Script = char;

// How ./run ended when nobody can know: it was the child of an earlier runsv.
inline constexpr int unknown_wait_status = -1;

struct Service {
    Kind kind = Kind::Main;
    State state = State::Down;
    Want want = Want::Down;
    bool once = false;  // start it although it is not wanted up: `o`
    bool paused = false;
    bool term_sent = false;
    bool asked_to_end = false;   // the end of ./run followed a TERM of ours: no crash
    bool told_to_end = false;    // this ./run was sent a KILL, or told TERM, even if control/t carries it out
    bool put_off = false;        // the next start has to wait for a second
    bool hurried = false;        // control scripts are no longer asked
    std::size_t input_left = 0;  // when it ended last, as far as it is to end with its input
    bool script_void = false;    // what the awaited script was asked about has ended
    Script script = 0;           // the control script that a command waits for
    int script_pid = 0;
    int pid = 0;           // of ./run or ./finish; while Preparing that of control/u
    int wait_status = 0;   // of the last ./run, as wait(2) tells it
    Instant started{};     // the last ./run
    Instant not_before{};  // of the next attempt to start something
    Tai64n since{};        // start of ./run, or when the service became down

    bool operator==(const Service&) const = default;
};

struct Now {
    Instant monotonic{};
    std::chrono::nanoseconds wall{};
};

struct Event {
    enum class What : unsigned char {
        Tick,         // time has passed
        Told,         // `command` came in
        Hurry,        // wait for no control script any more
        KillScript,   // a `k` waits behind the control script that is awaited
        InputClosed,  // log service only: the pipe has no writer left, end with it
        Started,  // it is `pid` now, with a `trouble` for a moment: the answer to Prepare, StartRun, StartFinish
        NotStarted,     // no process could be made: another
        Absent,         // there is no such file: an answer to Prepare and StartFinish
        Ended,          // `pid` ended with `wait_status`
        ScriptStarted,  // the answer to AskScript
        ScriptEnded,    // also the answer to AskScript where there is no such script; `handled`: it exited 0
    };
    What what = What::Tick;
    Now now{};
    Command command = Command::Up;
    int pid = 0;
    int wait_status = 0;
    bool handled = false;
    bool put_off = false;        // Ended: start it no sooner than a second later
    std::size_t input_left = 0;  // Ended, of a log: bytes that nobody has read yet
    Tai64n since{};              // Started, of ./run: when
    Error trouble{};             // an answer: why there is no process, or why it could not become its program
};

struct Action {
    enum class What : unsigned char {
        Prepare,  // run control/u where it can be run
        StartRun,
        StartFinish,  // with the arguments that wait_status gives
        Signal,       // send `signal` to the service
        AskScript,    // run control/`script` where it can be run
        EndScript,    // send `signal` to `pid`, a control script
        Retire,       // there is nothing left to do for this service
    };
    What what = What::Retire;
    int signal = 0;
    Script script = 0;
    int pid = 0;

    bool operator==(const Action&) const = default;
};

using Actions = FixedList<Action, 6>;  // more than any single step asks for; a test counts

struct Step {
    Service next;
    Actions actions;
};

Service new_service(Kind kind, Want want, Now now);

// What follows from `event`. The actions are to be carried out in their order, and their answers fed back at once.
Step step(const Service& service, const Event& event);

// When the next Tick is due; never, when only an event can change anything.
Instant deadline(const Service& service);

// Whether commands have to wait in the fifo.
inline bool awaits_script(const Service& service)
{
    return service.script != 0 || service.state == State::Preparing;
}

inline bool wants_start(const Service& service)
{
    return service.want == Want::Up || service.once;
}

// Whether the process is a ./run, or what could not become one: its end is that of ./run.
inline bool has_run(const Service& service)
{
    return service.state == State::Run || service.state == State::Starting;
}

// If ./run ended now, nobody would have asked for it.
inline bool ends_unasked(const Service& service)
{
    return has_run(service) && service.want == Want::Up && !service.told_to_end;
}

// What supervise/ says of it.
StatusRecord record_of(const Service& service);

// The two arguments of ./finish: the exit code, or -1; the low byte of the wait status.
struct FinishArguments {
    int code;
    int status;
};
FinishArguments finish_arguments(int wait_status);

}  // namespace runsuite::runsv
