// The waiting of a CommandRun: what can tell that a service is to be looked at again.
#include <sys/wait.h>

#include <algorithm>
#include <cstring>

#include "posix/clock.hpp"
#include "sv/command_run.hpp"

namespace runsuite::sv {

namespace {

// How often all are looked at though nothing was told: rarely where events tell, else as often as it takes.
constexpr Instant round_with_events = std::chrono::milliseconds(100);
constexpr Instant round_without_events = std::chrono::milliseconds(10);

}  // namespace

void CommandRun::wait()
{
    output_.flush();
    const Instant now = monotonic_now();
    next_round_ = now + (watches_all_ && holds_all_ ? round_with_events : round_without_events);
    const std::size_t listed = list_descriptors();
    const Instant until = std::min({deadline_, next_round_, next_look()});
    // A wait that fails has no descriptor to tell of; the rounds still come.
    (void)signals_.wait(descriptors_.all().first(listed), std::max(until - now, Instant::zero()));
    take_interruption();
    take_ends_of_checks();
    take_events(listed);
    if (Signals::take(SIGIO) || monotonic_now() >= next_round_) make_stale();
}

std::size_t CommandRun::list_descriptors()
{
    std::size_t listed = 0;
    for (Target& target : targets_.all()) {
        for (const UniqueFd* fd : {&target.held, &target.runsv}) {
            if (!fd->is_open()) continue;
            holders_[listed] = &target;
            descriptors_[listed++] = {fd->get(), static_cast<short>(fd == &target.held ? 0 : POLLIN), 0};
        }
    }
    if (watch_) descriptors_[listed++] = {watch_->fd(), POLLIN, 0};
    return listed;
}

Instant CommandRun::next_look()
{
    Instant first = never;
    for (Target& target : targets_.all()) {
        if (target.phase != Phase::Done) first = std::min(first, target.look_at);
    }
    return first;
}

void CommandRun::take_events(std::size_t listed)
{
    if (watch_) {
        --listed;
        watch_->each([this](int number, const char* name) {
            if (number < 0) return make_stale();
            if (name == nullptr || std::strcmp(name, "status") != 0) return;
            for (Target& target : targets_.all()) target.stale = target.stale || target.watch == number;
        });
    }
    for (std::size_t at = 0; at < listed; ++at) {
        const bool has_ended = (descriptors_[at].revents & (POLLERR | POLLIN)) != 0;
        if (has_ended && holders_[at]->phase != Phase::Done) runsv_ended(*holders_[at]);
    }
}

void CommandRun::take_ends_of_checks()
{
    if (!Signals::take(SIGCHLD)) return;
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
        for (Target& target : targets_.all()) {
            if (!target.check.is_running(pid)) continue;
            target.check.ended(status, monotonic_now());
            target.stale = true;
        }
    }
}

// What was sent stays sent; nothing that was started here goes on alone.
void CommandRun::take_interruption()
{
    for (const int signal : interruptions) {
        if (!Signals::take(signal)) continue;
        for (Target& target : targets_.all()) target.check.kill();
        Signals::end_by(signal);
    }
}

void CommandRun::make_stale()
{
    for (Target& target : targets_.all()) target.stale = true;
}

}  // namespace runsuite::sv
