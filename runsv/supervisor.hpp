// The loop of runsv: waits, turns what happened into events for the rule, has its actions carried out, and keeps
// supervise/ up to date.
#pragma once

#include <array>
#include <optional>

#include "posix/signals.hpp"
#include "runsv/actor.hpp"
#include "runsv/background.hpp"
#include "runsv/deaths.hpp"
#include "runsv/end_count.hpp"
#include "runsv/inheritance.hpp"
#include "runsv/log_pipe.hpp"
#include "runsv/look_ahead.hpp"
#include "runsv/orphan.hpp"
#include "runsv/service.hpp"
#include "runsv/supervise_dir.hpp"

namespace runsuite::runsv {

class Supervisor {
public:
    Supervisor() = default;
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    // Enters the service directory and takes possession of it.
    Outcome open(const char* directory);
    // From now on it says on standard error when a service ends unasked.
    void tell_of_ends() { tells_of_ends_ = true; }
    // As soon as the service runs, or is down as it is to be, whoever started this process is sent a CHLD.
    void tell_of_start() { tells_of_start_ = true; }
    int run();  // until told to exit; the exit code

private:
    // One of the two services of a directory.
    struct Supervised {
        Supervised(Kind kind, const Signals& signals, const LogPipe& pipe)
            : actor(kind, signals, pipe, directory.record())
        {
        }

        Service service;
        Actor actor;
        SuperviseDir directory;
        Orphan process;                         // where it is not our child
        Orphan script;                          // the same, of control/
        Instant publish_again = never;          // the last attempt to write supervise/ failed
        EndCount ends;                          // unasked, as far as they are told of
        std::array<StartFailures, 4> failures;  // of ./run, ./finish, control/u and the other scripts
        Deaths deaths;
        bool retired = false;
    };

    Outcome open_service(Supervised& one, const service_dir::Names& names);
    void inherit(Supervised& one, const LockRecord& left);
    void see_ends(Supervised& one, short process, short script);
    Result<int> wait();
    void reap();
    void read_controls(Supervised& one);
    void end(Supervised& one, int wait_status);
    static void tell_parent(int signal);
    void leave_end(int wait_status) const;
    void tell_of_wait(const Error& why);
    static void tell_of_start(Supervised& one, const Action& action, const Event& answer);
    void tell_of_end(Supervised& one, int wait_status);
    void tell_of_background(int wait_status, bool is_unasked);
    void tell_of_loss();
    void tell_of_stable(Supervised& one);
    static Instant stable_at(const Supervised& one);
    void terminate();
    void tick(Supervised& one);

    void feed(Supervised& one, const Event& event);
    void advance(Supervised& one, const Event& event);
    void publish(Supervised& one);
    void retire(Supervised& one);
    void guard_pipe();
    void relieve_pipe();
    void prepare(const Supervised& one, const Action& action);
    void take_up_log();
    Outcome open_log(Lock how);
    std::array<pid_t, 3> ours() const { return {log_.service.pid, main_.service.pid, main_.service.script_pid}; }

    bool is_finished() const { return main_.retired && (!has_log_ || log_.retired); }
    bool log_is_switched_off() const;
    bool log_is_given_up() const;

    Signals signals_;
    ProcessSpace space_;
    LogPipe pipe_;
    LookAhead look_ahead_;
    Background background_;
    Supervised main_{Kind::Main, signals_, pipe_};
    Supervised log_{Kind::Log, signals_, pipe_};
    bool has_log_ = false;
    bool tells_of_ends_ = false;
    bool tells_of_start_ = false;
    bool log_was_refused_ = false;    // one that was added later
    bool may_lose_ = false;           // what a failing log does not read
    std::size_t lost_ = 0;            // bytes of output, while the log was down or failed
    const char* argument_ = nullptr;  // what the service directory was called
    bool told_to_exit_ = false;       // by a TERM that came in with what is looked at now
    Instant guard_again_ = never;     // the pipe could not be watched
    Instant tell_wait_again_{};       // that events cannot be waited for
};

}  // namespace runsuite::runsv
