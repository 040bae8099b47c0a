#include "init/supervisor.hpp"

#include <unistd.h>

#include "init/flag.hpp"
#include "init/paths.hpp"
#include "init/power.hpp"
#include "posix/clock.hpp"
#include "posix/file.hpp"

namespace runsuite::init {

namespace {

// Orphans that are reaped before the signals are looked at again.
constexpr int deaths_a_turn = 1024;

// What the kernel answers where there is no machine to end, or only a part of one.
bool is_container(const Error& why)
{
    return why.code == EPERM || why.code == ENOSYS;
}

// Set, and obeyed: it is cleared, so that nobody obeys it twice.
bool take_stopit()
{
    if (!is_set(stopit)) return false;
    if (auto cleared = clear(stopit); !cleared) {
        Console::say_failure("warning: unable to chmod ", stopit, cleared.error().code);
    }
    return true;
}

// As a container with the right to reboot ends: by HUP, for whoever looks after it.
constexpr int exit_reboot = 128 + SIGHUP;

}  // namespace

// Nothing here keeps a machine from booting.
void Supervisor::open()
{
    const auto opened = signals_.open({SIGCHLD, SIGCONT, SIGINT, SIGPWR});
    ::setsid();
    actor_.open(signals_.child_mask());
    if (!opened) Console::say_failure("warning: unable to ", opened.error().doing, opened.error().code);
    catch_ctrl_alt_del();
    Console::say("runsuite " RUNSUITE_VERSION ": booting.");
}

int Supervisor::run()
{
    while (machine_.state != State::Over) {
        reap();
        take_requests();
        feed({.what = Event::What::Tick, .anyone_left = is_anyone_left()});
        wait();
    }
    return end();
}

void Supervisor::feed(Event event)
{
    for (std::optional<Event> due = event; due;) {
        due->now = monotonic_now();
        const Step taken = step(machine_, *due);
        machine_ = taken.next;
        due.reset();
        // Only Start is answered, and no step starts two scripts: nothing is lost.
        for (const Action& action : taken.actions) {
            if (auto answer = actor_.carry_out(action)) due = answer;
        }
    }
}

void Supervisor::reap()
{
    for (int deaths = 0; deaths < deaths_a_turn; ++deaths) {
        const auto death = reap_child();
        if (!death) return;
        if (death->pid != machine_.pid && death->pid != machine_.ctrlaltdel_pid) continue;
        feed({.what = Event::What::Ended, .pid = death->pid, .wait_status = death->wait_status});
    }
    ::kill(::getpid(), SIGCHLD);  // there may be more
}

void Supervisor::take_requests()
{
    const bool is_asked = Signals::take(SIGCONT) && (!init::takes_requests(machine_) || take_stopit());
    const bool has_no_power = Signals::take(SIGPWR);
    if (Signals::take(SIGINT)) feed({.what = Event::What::CtrlAltDel});
    if (is_asked || has_no_power) feed({.what = Event::What::Told, .grace = read_grace()});
}

bool Supervisor::is_anyone_left() const
{
    if (machine_.state == State::Clearing) return ::kill(-machine_.group, 0) == 0;
    return machine_.state == State::Ending && has_children();
}

void Supervisor::wait()
{
    if (machine_.state == State::Over) return;
    const Instant first = deadline(machine_);
    const auto left = first == never ? never : std::max(first - monotonic_now(), Instant::zero());
    // It fails for no reason that could be told here; process 1 goes on in any case.
    [[maybe_unused]] const auto ready = signals_.wait({}, left);
    Signals::take(SIGCHLD);  // every turn reaps
}

int Supervisor::end()
{
    const bool is_reboot = is_set(reboot);
    Console::say(is_reboot ? "system reboot." : "power off...");
    if (!exists(nosync)) ::sync();
    Error why = end_machine(is_reboot ? Power::Reboot : Power::Off);
    if (!is_container(why) && !is_reboot) {
        Console::say("system halt.");
        why = end_machine(Power::Halt);
    }
    if (!is_container(why)) {
        if (why.code != 0) Console::say_failure("warning: unable to ", why.doing, why.code);
        rest();
    }
    const int code = machine_.failed ? 111 : is_reboot ? exit_reboot : 0;
    Line line{"no right to end the machine, as in a container: exit "};
    Console::say(line.append_number(code).append(".").view());
    return code;
}

// The end of process 1 would be a panic of the kernel, and a machine that cannot be halted is best left alone.
void Supervisor::rest()
{
    for (;;) {
        [[maybe_unused]] const auto ready = signals_.wait({}, never);
        while (reap_child()) {
        }
    }
}

}  // namespace runsuite::init
