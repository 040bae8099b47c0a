// The life of a service. `want` is up, down or exit; "due" means that the second is over.
//
//  state      what ends it                          next
//  ---------  ------------------------------------  ----------------------------------------------------------------
//  Down       wanted up, or told `o`; and due       Preparing: control/u is run (log service: Starting)
//             wanted to exit                        retired (a control script that still runs is awaited first)
//  Preparing  control/u ended, or there is none     Starting: ./run is started; Down when it is no longer wanted
//             hurried                               Down, due in a second
//  Starting   ./run is started                      Run
//             its process could not become ./run      none, until that ends: then as from Run
//  Run        ./run ends                            Finish: ./finish is started (log service: Down)
//  Finish     ./finish ends, or there is none       Down: due at once, but a second later when ./run had been started
//                                                   less than a second ago and nobody sent it a TERM
//  Preparing, Starting, Finish: where no process can be made it is tried again in a second; no finish is left out.
//
// Commands are taken one after the other. Those that send a signal ask control/<byte> first, and the signal is sent
// unless the script exits 0. While a script is awaited no command is taken; deaths, restarts and TERM go on:
//
//  script  asked for by       when it ends
//  ------  -----------------  ------------------------------------------------------------------------------------
//  t       t; d and x in Run  TERM unless it exited 0; then, when wanted down or to exit: CONT, and control/d or /x
//  d, x    after t            nothing
//  others  their command      their signal unless it exited 0
//
// A script that outlives the process it was asked about has no effect any more: its signal would hit the next one.
// Hurry (a TERM to runsv while a script is awaited) stops waiting: the script counts as failed, and none is asked
// again until the next `u`. KillScript (a `k` that waits behind it) kills the script, and the waiting goes on until that has
// ended. So whatever hangs, `k` ends it: ./run, ./finish, to which no other signal goes and for which control/k is not asked,
// or a script.
#include "runsv/service.hpp"

#include <utility>

namespace runsuite::runsv {

namespace {

using namespace std::chrono_literals;

constexpr Instant second = 1s;

// One step in the making: `next` is changed in place, actions are added as they become necessary.
class Transition {
public:
    Transition(const Service& service, const Event& event) : next_(service), event_(event) {}

    Step carry_out()
    {
        apply();
        settle();
        return {next_, actions_};
    }

private:
    void apply();
    void obey(Command command);
    void stop(Want want);
    void settle();

    void begin_start();
    void prepared();
    void started();
    void not_started();
    void ended();
    void became_down();

    void ask(Script script);
    void script_ended(bool handled);
    void hurry();
    void kill_script();
    void end_script(int pid, int signal);
    void send(int signal);
    void say_after_term();

    void close_input();
    void read_rest();

    void act(Action::What what) { actions_.add({.what = what}); }
    bool asks_scripts() const { return next_.kind == Kind::Main && !next_.hurried; }

    Service next_;
    const Event& event_;
    Actions actions_;
};

void Transition::apply()
{
    switch (event_.what) {
        case Event::What::Tick: break;
        case Event::What::Told: return obey(event_.command);
        case Event::What::Hurry: return hurry();
        case Event::What::KillScript: return kill_script();
        case Event::What::InputClosed: return close_input();
        case Event::What::Started: return started();
        case Event::What::NotStarted: return not_started();
        case Event::What::Absent: return next_.state == State::Preparing ? prepared() : became_down();
        case Event::What::Ended: return ended();
        case Event::What::ScriptStarted: next_.script_pid = event_.pid; break;
        case Event::What::ScriptEnded: return script_ended(event_.handled);
    }
}

void Transition::obey(Command command)
{
    const bool is_leaving_log = next_.kind == Kind::Log && next_.want == Want::Exit;
    switch (command) {
        case Command::Up:
            if (is_leaving_log) return;
            next_.want = Want::Up;
            next_.once = false;
            next_.hurried = false;
            return;
        case Command::Once:
            if (is_leaving_log) return;
            next_.want = Want::Down;
            next_.once = next_.state != State::Run;
            return;
        case Command::Exit: return next_.kind == Kind::Main ? stop(Want::Exit) : void();
        case Command::Down: return stop(is_leaving_log ? Want::Exit : Want::Down);
        case Command::Kill:
            if (next_.state == State::Run) ask('k');
            if (next_.state == State::Finish && next_.pid != 0) send(SIGKILL);
            return;
        case Command::Pause:
        case Command::Continue:
        case Command::Hangup:
        case Command::Alarm:
        case Command::Interrupt:
        case Command::Quit:
        case Command::User1:
        case Command::User2:
        case Command::Terminate:
            if (next_.state == State::Run) ask(static_cast<Script>(command));
            return;
    }
}

void Transition::stop(Want want)
{
    next_.want = want;
    next_.once = false;
    if (next_.state == State::Run) ask('t');
}

// What follows from the state alone, whatever has led to it.
void Transition::settle()
{
    const bool due = event_.now.monotonic >= next_.not_before;
    if (next_.state == State::Down && wants_start(next_) && due) return begin_start();
    if (next_.state == State::Finish && next_.pid == 0 && due && event_.what == Event::What::Tick) {
        return act(Action::What::StartFinish);
    }
    if (next_.state == State::Down && next_.want == Want::Exit && !next_.once && !awaits_script(next_)) {
        act(Action::What::Retire);
    }
}

void Transition::begin_start()
{
    next_.state = State::Preparing;
    if (!asks_scripts()) return prepared();
    act(Action::What::Prepare);
}

void Transition::prepared()
{
    next_.pid = 0;
    next_.state = wants_start(next_) ? State::Starting : State::Down;
    if (next_.state == State::Starting) act(Action::What::StartRun);
}

void Transition::started()
{
    next_.pid = event_.pid;
    if (next_.state != State::Starting) return;
    next_.started = event_.now.monotonic;
    next_.asked_to_end = false;
    next_.told_to_end = false;
    next_.once = false;
    if (event_.trouble) return;
    next_.state = State::Run;
    next_.since = event_.since;
}

void Transition::not_started()
{
    next_.not_before = event_.now.monotonic + second;
    if (next_.state != State::Finish) next_.state = State::Down;
}

void Transition::ended()
{
    if (next_.state == State::Preparing) return prepared();
    next_.pid = 0;
    if (next_.state == State::Finish) return became_down();
    next_.wait_status = event_.wait_status;
    next_.asked_to_end = next_.term_sent;
    next_.put_off = event_.put_off;
    next_.paused = false;
    next_.term_sent = false;
    next_.script_void = next_.script != 0;
    if (next_.kind == Kind::Log) return became_down();
    next_.state = State::Finish;
    act(Action::What::StartFinish);
}

void Transition::became_down()
{
    const bool too_short = event_.now.monotonic - next_.started < second;
    next_.state = State::Down;
    next_.since = Tai64n::from_unix(event_.now.wall);
    if (next_.kind == Kind::Log && next_.want == Want::Exit) read_rest();
    const bool waits = std::exchange(next_.put_off, false) || (too_short && !next_.asked_to_end);
    next_.not_before = event_.now.monotonic + (waits ? second : Instant::zero());
}

void Transition::ask(Script script)
{
    next_.script = script;
    next_.script_pid = 0;
    next_.script_void = false;
    if (script == 't') next_.told_to_end = true;
    if (!asks_scripts()) return script_ended(false);
    actions_.add({.what = Action::What::AskScript, .script = script});
}

void Transition::script_ended(bool handled)
{
    const Script script = std::exchange(next_.script, Script{0});
    const bool is_void = std::exchange(next_.script_void, false);
    next_.script_pid = 0;
    if (is_void || script == 'd' || script == 'x') return;
    if (!handled) send(signal_of(static_cast<Command>(script)));
    if (script == 't') say_after_term();
}

void Transition::hurry()
{
    if (!awaits_script(next_)) return;
    next_.hurried = true;
    if (next_.state == State::Preparing) {
        end_script(std::exchange(next_.pid, 0), SIGTERM);
        not_started();
    }
    if (next_.script != 0) {
        end_script(next_.script_pid, SIGTERM);
        script_ended(false);
    }
}

void Transition::kill_script()
{
    if (next_.state == State::Preparing) end_script(next_.pid, SIGKILL);
    if (next_.script != 0) end_script(next_.script_pid, SIGKILL);
}

void Transition::end_script(int pid, int signal)
{
    if (pid != 0) actions_.add({.what = Action::What::EndScript, .signal = signal, .pid = pid});
}

void Transition::send(int signal)
{
    actions_.add({.what = Action::What::Signal, .signal = signal});
    if (signal == SIGTERM) next_.term_sent = true;
    if (signal == SIGKILL) next_.told_to_end = true;
    if (signal == SIGSTOP) next_.paused = true;
    if (signal == SIGCONT) next_.paused = false;
}

// The rest of `d` and `x`, and of a `t` to a service that is not to come back: so that a stopped process sees the TERM.
void Transition::say_after_term()
{
    if (next_.want == Want::Up) return;
    send(SIGCONT);
    if (next_.kind == Kind::Main) ask(next_.want == Want::Exit ? 'x' : 'd');
}

// A log service that is just being restarted gets one more start, so that it sees what is left in the pipe.
void Transition::close_input()
{
    if (next_.state == State::Down && next_.want == Want::Up) {
        next_.once = true;
        next_.not_before = event_.now.monotonic;
    }
    next_.want = Want::Exit;
}

// One that ended before the end of its input, when it was taken over or killed, is started again for what is left; unless
// the last start has not made that less.
void Transition::read_rest()
{
    const bool is_less = event_.input_left > 0 && (next_.input_left == 0 || event_.input_left < next_.input_left);
    next_.input_left = event_.input_left;
    next_.once = is_less;
}

}  // namespace

Step step(const Service& service, const Event& event)
{
    return Transition(service, event).carry_out();
}

}  // namespace runsuite::runsv
