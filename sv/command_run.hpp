// One command carried out for all services: everything is sent first, then all are waited for together.
#pragma once

#include <csignal>
#include <initializer_list>
#include <optional>

#include "posix/signals.hpp"
#include "posix/watch.hpp"
#include "sv/array.hpp"
#include "sv/check_script.hpp"
#include "sv/options.hpp"
#include "sv/output.hpp"
#include "sv/service_place.hpp"

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
    enum class Phase { Unsent, Waiting, Done };

    struct Target {
        const char* name = nullptr;
        Phase phase = Phase::Unsent;
        std::optional<StatusRecord> before;
        UniqueFd held;  // the writing end of control, or of ok, while descriptors last: it tells when runsv ends
        UniqueFd signaller;  // one of these two, or none, tells when the status changes
        int watch = -1;
        bool past_fence = false;
        bool stale = true;        // something happened: look
        Instant look_at = never;  // no event will tell: look then
        Instant look_pause = shortest_look;
        CheckScript check;
    };

    ServicePlace place_of(const Target& target) const { return {services_, target.name}; }
    bool wants_end() const { return options_.command->bytes[0] == 'x'; }

    void start(Target& target);
    void watch(Target& target, ServicePlace& place);
    void send(Target& target, ServicePlace& place);
    Outcome write_command(Target& target, ServicePlace& place);
    void look(Target& target);
    bool is_good(Target& target, ServicePlace& place, StatusRecord& record);
    bool is_past_fence(Target& target, ServicePlace& place);
    bool check_agrees(Target& target, ServicePlace& place, const StatusRecord& record);
    void look_again(Target& target, Instant longest);

    void refuse(Target& target, const Error& why);  // also when runsv has ended
    void report(Target& target, const char* kind, ServicePlace& place, const StatusRecord& record);
    void finish(Target& target);
    void expire(Target& target);

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
    static constexpr Instant shortest_look = std::chrono::microseconds(50);
    static constexpr Instant longest_look = std::chrono::milliseconds(1);

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
    std::size_t waiting_ = 0;
    Instant deadline_{};
    Instant next_round_{};  // when all are looked at, whatever has been told
    int failures_ = 0;
};

}  // namespace runsuite::sv
