// The part of Container that stops everything.
#include <unistd.h>

#include "app/report.hpp"
#include "app/service_dir.hpp"
#include "posix/clock.hpp"
#include "posix/fifo.hpp"
#include "posix/terminal.hpp"
#include "runsvdir/actor.hpp"
#include "runsvdir/adopted.hpp"
#include "runsvdir/container.hpp"
#include "runsvdir/service_file.hpp"

namespace runsuite::runsvdir {

namespace {

bool is_told(const Known& known)
{
    return known.term_sent != Instant::zero();
}

// The log is waited for.
bool has_ended(const Known& known)
{
    char room[48];
    const ServiceFile stat(known.name, service_dir::of_service.stat);
    return known.pid != 0 && is_told(known) && stat.read(room).starts_with("down");
}

// What runs of the service or of its log; with its group, if it leads one. False: there is nothing.
bool kill_what_runs(const Known& known, const service_dir::Names& names)
{
    // Without a reader the pid is one of an earlier life, and may be anybody's.
    if (!open_writing_end(ServiceFile(known.name, names.ok).path(), "open")) return false;
    const pid_t pid = ServiceFile(known.name, names.pid).read_pid();
    if (pid == 0) return false;
    if (::getpgid(pid) == pid && pid != known.pid) ::kill(-pid, SIGKILL);
    return ::kill(pid, SIGKILL) == 0;
}

}  // namespace

Left Container::left(Services& services) const
{
    Left left;
    for (const Known& known : services.all()) {
        if (known.pid != 0) ++(is_told(known) ? left.told : left.untold);
    }
    if (command_pid_ != 0) ++(is_command_told_ ? left.told : left.untold);
    const bool is_asked_for = stop_.phase == Phase::Rest || stop_.phase == Phase::RestKilled;
    left.others = is_asked_for && has_children();
    return left;
}

void Container::carry_on(Services& services)
{
    is_news_ = false;
    for (StopDue due = StopDue::KillRest; due != StopDue::Nothing;) {
        const StopStep taken = step(stop_, left(services), monotonic_now());
        stop_ = taken.next;
        due = taken.due;
        carry_out(due, services);
    }
    // Those that have only just become our children were not reached before.
    if (::getpid() == 1) return;
    if (stop_.phase == Phase::Rest) strays_.tell();
    if (stop_.phase == Phase::RestKilled) strays_.kill();
}

void Container::carry_out(StopDue due, Services& services)
{
    switch (due) {
        case StopDue::TellNext: return tell_next(services);
        case StopDue::TellOfWait: return tell_of_wait(services);
        case StopDue::EndRemains: return end_remains(services, stop_.phase == Phase::Killing ? SIGKILL : SIGTERM);
        case StopDue::KillServices: return kill_services(services);
        case StopDue::KillGroups: return kill_groups(services);
        case StopDue::TellRest:
            if (has_children() || ::getpid() == 1) strays_.tell();
            return;
        case StopDue::KillRest: return kill_rest();
        case StopDue::Nothing:
        case StopDue::Leave: return;
    }
}

// The command was started last. Without an order all are told at once.
void Container::tell_next(Services& services)
{
    if (command_pid_ != 0 && !is_command_told_) {
        tell_command();
        if (stop_.is_ordered) return;
    }
    const auto all = services.all();
    for (auto known = all.rbegin(); known != all.rend(); ++known) {
        if (known->pid == 0 || is_told(*known)) continue;
        Actor::stop(*known);
        if (stop_.is_ordered) return;
    }
}

void Container::tell_command()
{
    is_command_told_ = true;
    ::kill(command_pid_, SIGTERM);
    if (has_terminal_) hang_up();
    ::kill(command_pid_, SIGCONT);
}

// An interactive shell ignores TERM. What the loss of its terminal would bring about ends it, and what it has put in the
// foreground.
void Container::hang_up() const
{
    ::kill(command_pid_, SIGHUP);
    const pid_t group = foreground_of(STDIN_FILENO);
    if (group == 0 || group == command_pid_) return;
    ::kill(-group, SIGHUP);
    ::kill(-group, SIGCONT);
}

void Container::tell_of_wait(Services& services) const
{
    report::Line line{"waiting for the end of"};
    for (const Known& known : services.all()) {
        if (known.pid != 0 && is_told(known)) report::append_name(line.append(" "), known.name);
    }
    if (command_pid_ != 0 && is_command_told_) report::append_name(line.append(" "), command_[0]);
    report::inform(line.view());
}

void Container::tell_of_kill(std::string_view name, std::string_view part) const
{
    report::Line line;
    report::append_name(line, name);
    line.append(part).append(" did not stop ");
    if (stop_.is_hurried) line.append("before it was hurried");
    else
        line.append("within ")
            .append_number(std::chrono::duration_cast<std::chrono::seconds>(budget_).count())
            .append(" s");
    line.append(": killed");
    report::warn(line.view());
}

void Container::end_remains(Services& services, int signal)
{
    bool is_any_over = false;
    for (Known& known : services.all()) {
        known.has_ended = has_ended(known);
        known.has_remains = false;
        is_any_over = is_any_over || known.has_ended;
    }
    if (is_any_over) strays_.end_remains(services, signal);
}

void Container::kill_services(Services& services)
{
    end_remains(services, SIGKILL);
    for (const Known& known : services.all()) {
        if (known.has_remains) tell_of_kill(known.name, "");
    }
    for (Known& known : services.all()) {
        if (known.pid == 0) continue;
        if (!is_told(known)) Actor::stop(known);  // or it would be started again
        if (kill_what_runs(known, service_dir::of_service)) tell_of_kill(known.name, "");
    }
    if (command_pid_ == 0) return;
    tell_of_kill(command_[0], "");
    ::kill(command_pid_, SIGKILL);
}

void Container::kill_rest()
{
    if (has_children()) tell_of_kill("what nobody supervises", "");
    strays_.kill();
}

// Each runsv leads a group: with its log, and with what its service has left behind.
void Container::kill_groups(Services& services) const
{
    for (const Known& known : services.all()) {
        if (known.pid == 0) continue;
        const bool is_service = kill_what_runs(known, service_dir::of_service);
        const bool is_log = kill_what_runs(known, service_dir::of_log);
        tell_of_kill(known.name, is_log ? "/log" : is_service ? "" : "'s runsv");
        ::kill(-known.pid, SIGKILL);
        signal_runsv(known, SIGKILL);
    }
    if (command_pid_ != 0) ::kill(command_pid_, SIGKILL);
}

}  // namespace runsuite::runsvdir
