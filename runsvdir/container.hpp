// What runsvdir answers for as the first process of a container, or with -i: the foreground command, essential services,
// and the stop of everything in order. The rule of the stop is in stop_rule.hpp.
#pragma once

#include <csignal>
#include <string_view>

#include "posix/process.hpp"
#include "runsvdir/options.hpp"
#include "runsvdir/processes.hpp"
#include "runsvdir/services.hpp"
#include "runsvdir/stop_rule.hpp"

namespace runsuite::runsvdir {

// As process 1, when -i asks for it, and for the sake of a foreground command.
bool answers_for_all(const Options& options);

class Container {
public:
    // Adopts orphans, where that is asked for.
    void open(const Options& options, const sigset_t& command_mask);
    bool is_on() const { return is_on_; }

    // Once the services are started. It runs where this process was started: in `directory`, an open one.
    void start_command(int directory);

    // TERM, INT or HUP: everything is to stop, and at once when it is the second one from outside.
    void take_signals();
    // Nothing can work: everything is to stop, with 111.
    void give_up(const Error& why, std::string_view name);
    // A child that is no runsv has ended.
    void note_death(const Death& death);
    // After a CHLD: Ctrl-Z has stopped the command, and no shell is above it that could let it go on.
    void keep_command_going() const;
    // A runsv has ended.
    static void tell_of_death(Known& known, int wait_status);
    // After a CHLD: whether an essential service has ended.
    void look_at_essential(Services& services);

    bool is_stopping() const { return is_stopping_; }
    bool is_over() const { return is_stopping_ && stop_.phase == Phase::Over; }
    int exit_code() const { return exit_code_; }
    // Does what is due in the stop.
    void carry_on(Services& services);
    Instant deadline() const
    {
        return is_news_ || strays_.is_searching() ? Instant::zero() : runsvdir::deadline(stop_);
    }

private:
    void ask_to_stop(int exit_code, pid_t sender);
    void stop(int exit_code);
    Left left(Services& services) const;
    void carry_out(StopDue due, Services& services);
    void tell_next(Services& services);
    void tell_command();
    void hang_up() const;
    void tell_of_wait(Services& services) const;
    void end_remains(Services& services, int signal);
    void kill_services(Services& services);
    void kill_rest();
    void kill_groups(Services& services) const;
    void tell_of_kill(std::string_view name, std::string_view part) const;

    bool is_on_ = false;
    bool is_stopping_ = false;
    bool is_asked_ = false;
    bool is_news_ = false;  // the stop was begun or hurried since it was last carried on
    bool is_command_started_ = false;
    bool is_command_told_ = false;
    bool has_terminal_ = false;  // the command has it
    bool is_ordered_ = false;
    pid_t command_pid_ = 0;
    int exit_code_ = 0;
    Instant budget_{};
    Stop stop_;
    Strays strays_;
    char** command_ = nullptr;
    const sigset_t* command_mask_ = nullptr;
};

}  // namespace runsuite::runsvdir
