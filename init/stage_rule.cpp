#include "init/stage_rule.hpp"

#include <utility>

#include "model/exit_record.hpp"

namespace runsuite::init {

namespace {

constexpr Instant second = std::chrono::seconds(1);

constexpr int exit_skip_stage_2 = 100;     // of stage 1
constexpr int exit_restart_stage_2 = 111;  // of stage 2

// Whether the state is there to run a script, which is started again when no process could be made for it.
bool runs_script(State state)
{
    switch (state) {
        case State::One:
        case State::Two:
        case State::Rescue:
        case State::Three: return true;
        case State::Clearing:
        case State::Stopping:
        case State::Killing:
        case State::Ending:
        case State::Over: return false;
    }
    return false;
}

bool is_crash(int wait_status)
{
    return ExitRecord::of(wait_status).how == ExitRecord::How::Killed;
}

bool is_exit(int wait_status, int code)
{
    return ExitRecord::of(wait_status) == ExitRecord{ExitRecord::How::Exited, code};
}

// One step in the making: `next_` is changed in place, actions are added as they become necessary.
class Transition {
public:
    Transition(const Machine& machine, const Event& event) : next_(machine), event_(event) {}

    Step carry_out()
    {
        apply();
        start_if_due();
        return {next_, actions_};
    }

private:
    void apply();
    void start_if_due();
    void enter(State state, Script script);
    void enter_three() { enter(State::Three, Script::Three); }
    void fail()
    {
        next_.failed = true;
        enter_three();
    }
    void leave();

    void tick();
    void started();
    void not_started();
    void not_run();
    void ended();
    void one_ended();
    void two_ended();
    void told();
    void pressed();
    void begin_ending();

    void say(const char* text) { actions_.add({.what = Action::What::SayPlain, .text = text}); }
    void say_end()
    {
        actions_.add({.what = Action::What::SayEnd, .script = next_.script, .wait_status = event_.wait_status});
    }
    void send(Action::What what, int pid) { actions_.add({.what = what, .pid = pid}); }

    Machine next_;
    const Event& event_;
    Actions actions_;
};

void Transition::apply()
{
    switch (event_.what) {
        case Event::What::Tick: return tick();
        case Event::What::Started: return started();
        case Event::What::NotStarted: return not_started();
        case Event::What::NotRun: return not_run();
        case Event::What::Ended: return ended();
        case Event::What::Told: return told();
        case Event::What::CtrlAltDel: return pressed();
    }
}

void Transition::start_if_due()
{
    if (!runs_script(next_.state) || next_.pid != 0 || event_.now < next_.not_before) return;
    if (event_.what == Event::What::NotStarted) return;
    if (event_.what == Event::What::CtrlAltDel) return;  // one script a step: its answer comes first
    actions_.add({.what = Action::What::Start, .script = next_.script});
}

void Transition::enter(State state, Script script)
{
    next_.state = state;
    next_.script = script;
    next_.pid = 0;
    next_.group = 0;
    next_.state_end = never;
    if (state != State::Two) next_.not_before = event_.now;
}

void Transition::leave()
{
    actions_.add({.what = Action::What::Say, .script = next_.script, .text = "leave stage: "});
}

void Transition::tick()
{
    const bool is_over = event_.now >= next_.state_end;
    switch (next_.state) {
        case State::One:
        case State::Two:
        case State::Rescue:
        case State::Three:
        case State::Over: return;
        case State::Clearing:
            if (event_.anyone_left && !is_over) return;
            say("warning: restarting.");
            return enter(State::Two, Script::Two);
        case State::Stopping:
            if (!is_over) return;
            say("warning: stage 2 not terminated, sending sigkill...");
            send(Action::What::Kill, next_.pid);
            next_.state = State::Killing;
            next_.state_end = event_.now + longest_death;
            return;
        case State::Killing:
            if (!is_over) return;
            say("warning: stage 2 does not end, it is left behind.");
            return enter_three();
        case State::Ending:
            if (!event_.anyone_left || is_over) next_.state = State::Over;
            return;
    }
}

void Transition::started()
{
    if (event_.script == Script::CtrlAltDel) {
        next_.ctrlaltdel_pid = event_.pid;
        return;
    }
    next_.pid = event_.pid;
    next_.started = event_.now;
    if (event_.script == Script::Two) next_.rescued = false;
}

void Transition::not_started()
{
    if (event_.script != Script::CtrlAltDel) next_.not_before = event_.now + second;
}

// It was said why. A machine that nobody can reach is never the answer, nor one that goes down before anybody can look.
void Transition::not_run()
{
    if (event_.script == Script::CtrlAltDel) return;
    leave();
    switch (next_.script) {
        case Script::One: return enter(State::Two, Script::Two);
        case Script::Two:
            if (std::exchange(next_.rescued, true)) return fail();
            return enter(State::Rescue, Script::Rescue);
        case Script::Rescue: return fail();
        case Script::Three: return begin_ending();
        case Script::CtrlAltDel: return;
    }
}

void Transition::ended()
{
    if (event_.pid == next_.ctrlaltdel_pid) {
        actions_.add({.what = Action::What::Say, .script = Script::CtrlAltDel, .text = "leave stage: "});
        if (takes_requests(next_)) send(Action::What::Remind, 0);
        next_.ctrlaltdel_pid = 0;
        return;
    }
    if (event_.pid != next_.pid) return;
    switch (next_.state) {
        case State::One: return one_ended();
        case State::Two: return two_ended();
        case State::Rescue: leave(); return enter(State::Two, Script::Two);
        case State::Stopping:
        case State::Killing: leave(); return enter_three();
        case State::Three:
            if (event_.wait_status != 0) say_end();
            leave();
            return begin_ending();
        case State::Clearing:
        case State::Ending:
        case State::Over: return;
    }
}

void Transition::one_ended()
{
    if (event_.wait_status != 0) say_end();
    leave();
    if (!is_crash(event_.wait_status) && !is_exit(event_.wait_status, exit_skip_stage_2)) {
        return enter(State::Two, Script::Two);
    }
    say("warning: skipping stage 2...");
    fail();
}

void Transition::two_ended()
{
    if (event_.wait_status != 0) say_end();
    if (is_crash(event_.wait_status) || is_exit(event_.wait_status, exit_restart_stage_2)) {
        say("warning: killing all processes in stage 2...");
        send(Action::What::KillGroup, next_.pid);
        next_.state = State::Clearing;
        next_.group = std::exchange(next_.pid, 0);
        next_.state_end = event_.now + longest_death;
        next_.not_before = next_.started + second;
        return;
    }
    leave();
    if (event_.wait_status != 0) fail();
    else enter_three();
}

void Transition::told()
{
    switch (next_.state) {
        case State::One:
        case State::Three: return say("warning: signals only work in stage 2.");
        case State::Two:
        case State::Rescue:
            say("shutdown request...");
            if (next_.pid == 0) return enter_three();
            send(Action::What::Terminate, next_.pid);
            next_.state = State::Stopping;
            next_.state_end = event_.now + event_.grace;
            return;
        case State::Clearing: say("shutdown request..."); return enter_three();
        case State::Stopping:
        case State::Killing:
        case State::Ending:
        case State::Over: return;
    }
}

void Transition::pressed()
{
    if (next_.state == State::One || next_.state == State::Three) {
        return say("warning: signals only work in stage 2.");
    }
    if (!takes_requests(next_) || next_.ctrlaltdel_pid != 0) return;
    say("ctrl-alt-del request...");
    actions_.add({.what = Action::What::Start, .script = Script::CtrlAltDel});
}

void Transition::begin_ending()
{
    next_.state = State::Ending;
    next_.pid = 0;
    next_.state_end = event_.now + longest_death;
    say("sending KILL signal to all processes...");
    send(Action::What::KillAll, 0);
}

}  // namespace

Step step(const Machine& machine, const Event& event)
{
    return Transition(machine, event).carry_out();
}

Instant deadline(const Machine& machine)
{
    return runs_script(machine.state) && machine.pid == 0 ? machine.not_before : machine.state_end;
}

bool takes_requests(const Machine& machine)
{
    const State state = machine.state;
    return state == State::Two || state == State::Rescue || state == State::Clearing;
}

}  // namespace runsuite::init
