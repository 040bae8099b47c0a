// runsvdir's loop: one runsv for each service in the directory, for as long as the service is there.
#pragma once

#include "base/fixed_list.hpp"
#include "posix/signals.hpp"
#include "runsvdir/actor.hpp"
#include "runsvdir/adopted.hpp"
#include "runsvdir/container.hpp"
#include "runsvdir/options.hpp"
#include "runsvdir/process_title.hpp"
#include "runsvdir/scanner.hpp"
#include "runsvdir/services.hpp"
#include "runsvdir/start_order.hpp"
#include "runsvdir/start_trial.hpp"

namespace runsuite::runsvdir {

class Supervisor {
public:
    Outcome open(const Options& options);

    // Returns the exit code once a signal has asked for the end.
    int run();

private:
    Outcome open_signals(bool is_container);
    void open_log(char* placeholder);
    void leave_input_to_command();
    std::chrono::nanoseconds time_left();
    void wait();
    void take_signals();
    void look_for_signals();

    bool is_leaving() const { return end_asked_ || hangup_asked_ || container_.is_stopping(); }
    bool is_over() const { return container_.is_on() ? container_.is_over() : is_leaving(); }

    void reap();
    void note_death(const Death& death);
    void see_ends();
    void note_end(Known& known, int wait_status);
    void note_change(const Scanner::Entry& entry);
    bool note_change_of_one(const Scanner::Entry& entry);
    void tell_of_way_back(const char* name);
    void scan();
    bool scan_names();  // whether all were seen
    void tell_of_directory(const Error& why);
    bool note(const Scanner::Entry& entry);
    void give_time_to_complete(Known& known);
    void tell_of_watch();

    void carry_out_all();
    void start_in_turn(Known& known, Instant now);
    Instant next_start();
    void supervise();
    void judge_start();
    void stop();
    void take_over_rest();
    int hang_up();

    const char* directory_ = nullptr;
    Signals signals_;
    Scanner scanner_;
    Services services_;
    ProcessTitle title_;
    UniqueFd no_input_;
    FixedList<Redirect, 2> redirects_;  // of every runsv
    Actor actor_;
    Adopted adopted_;
    Container container_;
    StartOrder start_order_;
    StartTrial start_trial_;
    bool is_ordered_ = false;
    bool awaits_turn_ = false;  // a service that is due has to wait for another one
    Complaint directory_trouble_;
    Complaints name_troubles_;
    Complaint wait_trouble_;
    int watch_failure_told_ = 0;
    bool is_rest_taken_over_ = false;
    bool end_of_essential_told_ = false;
    bool death_told_ = true;   // a child may have ended; there may be some from before
    bool scan_asked_ = false;  // by signal
    bool forced_ = false;      // a rescan was asked for by signal
    bool end_asked_ = false;
    bool hangup_asked_ = false;
};

}  // namespace runsuite::runsvdir
