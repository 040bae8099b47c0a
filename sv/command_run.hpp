// One command carried out for all services: everything is sent first, then all are waited for together.
#pragma once

#include <csignal>
#include <initializer_list>
#include <optional>

#include "base/process_mark.hpp"
#include "posix/signals.hpp"
#include "posix/watch.hpp"
#include "sv/array.hpp"
#include "sv/check_script.hpp"
#include "sv/options.hpp"
#include "sv/output.hpp"
#include "sv/run_watch.hpp"
#include "sv/service_place.hpp"
#include "sv/wait_rule.hpp"

namespace runsuite::sv {

class CommandRun {
public:
    CommandRun(const Options& options, Output& output)
        : options_(options), services_(options.services_directory), output_(output)
    {
    }

    Outcome open();
    int run();  // the number of services for which it failed

private:
    enum class Phase {
        Absent,   // its runsv is still to come
        Unsent,   // the pipe was full
        Sent,     // to be taken, and no more is waited for
        Waiting,  // to take effect
        Killed,   // the time is over, and KILL was sent
        Done,
    };

    struct Target {
        const char* name = nullptr;
        Phase phase = Phase::Unsent;
        std::optional<StatusRecord> before;
        UniqueFd runsv;  // where it is to end: watches the process, since another may take its place at once
        UniqueFd held;   // the writing end of control, or of ok, while descriptors last: it tells when runsv ends
        UniqueFd signaller;  // one of these two, or none, tells when the status changes
        int watch = -1;
        bool past_fence = false;
        bool stale = true;        // something happened: look
        Instant look_at = never;  // no event will tell: look then
        Instant look_pause = shortest_look;
        CheckScript check;
        RunWatch run;
        Instant taken_by{};   // what nobody waits for
        StatusRecord at_end;  // when KILL was sent
    };

    ServicePlace place_of(const Target& target) const { return {services_, target.name}; }
    bool wants_end() const { return options_.command->bytes[0] == 'x'; }
    bool is_to_run() const { return waits_for_run(options_.command->bytes); }

    void look_at_all();
    void start(Target& target);
    bool is_to_come(const Target& target, ServicePlace& place, const Error& why) const;
    void watch(Target& target, ServicePlace& place);
    void send(Target& target, ServicePlace& place);
    Outcome write_command(Target& target, ServicePlace& place);
    void look(Target& target);
    bool is_good(Target& target, ServicePlace& place, StatusRecord& record);
    bool is_past_fence(Target& target, ServicePlace& place);
    bool works(Target& target, ServicePlace& place, const StatusRecord& record);
    void look_for_taking(Target& target, ServicePlace& place);
    void look_for_early_end(Target& target, ServicePlace& place);
    void look_again(Target& target, Instant longest);

    void runsv_ended(Target& target);
    void refuse(Target& target, const Error& why);
    void append_report(Target& target, const char* kind, ServicePlace& place, const StatusRecord& record);
    void report(Target& target, const char* kind, ServicePlace& place, const StatusRecord& record);
    void finish(Target& target);

    void expire(Target& target);
    void expire_wait(Target& target, ServicePlace& place);
    bool is_good_at_last(Target& target, const StatusRecord& record) const;
    void kill(Target& target, ServicePlace& place, const StatusRecord& record);
    void look_for_kill(Target& target, ServicePlace& place);

    void wait();
    std::size_t list_descriptors();
    Instant next_look();
    void take_events(std::size_t listed);
    void take_ends_of_checks();
    void take_interruption();
    void make_stale();
    template <typename Open>
    auto with_descriptor(Open open) -> decltype(open());
    bool release_held();

    static constexpr std::initializer_list<int> interruptions{SIGINT, SIGTERM, SIGHUP};
    // For runsv to take what is written to it, beside all else that it does; it may be waiting for a control script.
    static constexpr Instant time_to_take = std::chrono::seconds(1);
    static constexpr Instant shortest_look = std::chrono::microseconds(50);
    static constexpr Instant longest_look = std::chrono::milliseconds(1);
    static constexpr Instant longest_distant_look = std::chrono::milliseconds(10);

    const Options& options_;
    const ServicesDirectory services_;
    Output& output_;
    Signals signals_;
    std::optional<Watch> watch_;
    bool watches_all_ = true;
    bool holds_all_ = true;
    Array<Target> targets_;
    Array<pollfd> descriptors_;
    Array<Target*> holders_;  // of the descriptors
    std::optional<ProcessSpace> space_;
    std::size_t waiting_ = 0;
    Instant deadline_{};
    Instant taken_by_{};    // what nobody waits for
    Instant next_round_{};  // when all are looked at, whatever has been told
    int failures_ = 0;
};

}  // namespace runsuite::sv
