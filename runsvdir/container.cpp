#include "runsvdir/container.hpp"

#include <unistd.h>

#include "app/report.hpp"
#include "model/exit_record.hpp"
#include "posix/clock.hpp"
#include "posix/signals.hpp"
#include "posix/spawn.hpp"
#include "posix/terminal.hpp"
#include "runsvdir/actor.hpp"
#include "runsvdir/essential.hpp"

namespace runsuite::runsvdir {

namespace {

// As a shell and a container runtime have it for a command that is not there, and for one that cannot be executed.
int exit_code_of(const Error& not_run)
{
    return not_run.code == ENOENT || not_run.code == ENOTDIR ? 127 : 126;
}

}  // namespace

bool answers_for_all(const Options& options)
{
    return ::getpid() == 1 || options.adopts || options.command != nullptr;
}

void Container::open(const Options& options, const sigset_t& command_mask)
{
    command_ = options.command;
    command_mask_ = &command_mask;
    budget_ = options.budget;
    is_ordered_ = options.is_ordered;
    is_on_ = answers_for_all(options);
    if (!is_on_) return;
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) Signals::note_sender_of(signal);
    if (::getpid() == 1) return;
    if (auto adopted = adopt_orphans(); !adopted) report::warn(adopted.error());
}

void Container::start_command(int directory)
{
    if (command_ == nullptr || is_command_started_) return;
    is_command_started_ = true;
    SpawnSpec spec;
    spec.program = command_[0];
    spec.argv = command_;
    spec.directory_fd = directory;
    spec.mask = command_mask_;
    has_terminal_ = is_in_foreground(STDIN_FILENO);
    if (has_terminal_) {
        block_background_stop();
        Signals::tell_of_stopped_children();
        spec.terminal = STDIN_FILENO;
    }
    const auto spawned = spawn(spec);
    if (!spawned || spawned->not_run) {
        const int code = spawned ? spawned->not_run.code : spawned.error().code;
        report::fatal(Error{spawned ? "run" : "fork for", code}, command_[0]);
    }
    if (!spawned) return stop(exit_not_run);
    if (!spawned->not_run) command_pid_ = spawned->pid;
    else stop(exit_code_of(spawned->not_run));
}

void Container::stop(int exit_code)
{
    if (is_stopping_) return;
    is_stopping_ = is_news_ = true;
    exit_code_ = exit_code;
    stop_ = begin_stop(monotonic_now(), budget_, is_ordered_);
}

void Container::take_signals()
{
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        if (const auto sender = Signals::take_with_sender(signal))
            ask_to_stop(signal == SIGHUP ? 111 : 0, *sender);
    }
}

// A `finish` that ends the container by a TERM to process 1 does so again in the stop that follows, for each service that
// has such a one: nobody is in a hurry there.
void Container::ask_to_stop(int exit_code, pid_t sender)
{
    if (is_below(sender)) return stop(exit_code);
    if (is_asked_) stop_.is_hurried = is_news_ = true;
    is_asked_ = true;
    stop(exit_code);
}

void Container::give_up(const Error& why, std::string_view name)
{
    stop(report::fatal(why, name));
}

void Container::note_death(const Death& death)
{
    if (command_pid_ == 0 || death.pid != command_pid_) return;
    command_pid_ = 0;
    if (has_terminal_) take_foreground(STDIN_FILENO);
    stop(ExitRecord::of(death.wait_status).exit_code());
}

void Container::keep_command_going() const
{
    if (!has_terminal_ || command_pid_ == 0 || !was_stopped_by(SIGTSTP, command_pid_)) return;
    ::kill(-command_pid_, SIGCONT);
}

void Container::tell_of_death(Known& known, int wait_status)
{
    // One that could not be run was told of already.
    if (!known.wanted || known.complaint.code != 0) return;
    if (!known.death_complaint.is_due(wait_status | 1 << 16, monotonic_now())) return;
    report::Line line{"runsv "};
    report::append_name(line, known.name);
    line.append(" ended (").append(ExitRecord::of(wait_status).text().view()).append(") and is started again");
    report::warn(line.view());
}

void Container::look_at_essential(Services& services)
{
    if (is_stopping_) return;
    for (const Known& known : services.all()) {
        const auto end = end_of(known.name);
        if (!end) continue;
        report::Line line;
        report::append_name(line, known.name);
        line.append(", which is essential, has ended (")
            .append(end->text().view())
            .append("): everything is stopped");
        report::warn(line.view());
        return stop(end->exit_code());
    }
}

}  // namespace runsuite::runsvdir
