#include "sv/command_run.hpp"

#include <algorithm>

#include "base/fixed_string.hpp"
#include "posix/clock.hpp"
#include "posix/fifo.hpp"
#include "posix/file.hpp"
#include "sv/lines.hpp"
#include "sv/wait_rule.hpp"

namespace runsuite::sv {

namespace {

// Even `-w 0` gives runsv time to take the command.
constexpr Instant shortest_wait = std::chrono::milliseconds(50);

// A signal does not say of which service it tells, so that all are looked at: good for a few.
constexpr std::size_t most_signallers = 8;

constexpr const char* writing = "write to supervise/control";

bool is_out_of_descriptors(const Error& why)
{
    return why.code == EMFILE || why.code == ENFILE;
}

}  // namespace

Outcome CommandRun::open()
{
    const std::size_t count = options_.services.size();
    if (!targets_.allocate(count) || !descriptors_.allocate(count + 1) || !holders_.allocate(count)) {
        return Error{"allocate memory", ENOMEM};
    }
    // SIGPIPE: a runsv that ends under our hands is no reason to end.
    return signals_.open({SIGCHLD, SIGPIPE, SIGIO}, interruptions);
}

int CommandRun::run()
{
    // The same for everything that stdout of ./check could be: it is closed there, as in the reference.
    close_on_exec(STDOUT_FILENO);
    deadline_ = monotonic_now() + std::max<Instant>(options_.timeout, shortest_wait);
    std::size_t at = 0;
    waiting_ = options_.services.size();
    for (const char* name : options_.services) {
        targets_[at].name = name;
        start(targets_[at++]);
    }
    for (;;) {
        const Instant now = monotonic_now();
        for (Target& target : targets_.all()) {
            if (target.phase != Phase::Done && (target.stale || target.look_at <= now)) look(target);
        }
        if (waiting_ == 0 || now >= deadline_) break;
        wait();
    }
    for (Target& target : targets_.all()) {
        if (target.phase != Phase::Done) expire(target);
    }
    output_.flush();
    return failures_;
}

void CommandRun::start(Target& target)
{
    ServicePlace place = place_of(target);
    auto ok = with_descriptor([&] { return place.open_ok(); });
    if (!ok) return refuse(target, ok.error());
    if (options_.waits) {
        // Watched before it is read, and read before the command is sent: nothing that happens is missed.
        watch(target, place);
        auto before = with_descriptor([&] { return place.read_status(); });
        if (before) target.before = *before;
    }
    send(target, place);
    if (target.phase == Phase::Waiting && !target.held.is_open()) target.held = std::move(*ok);
}

void CommandRun::watch(Target& target, ServicePlace& place)
{
    const char* const directory = place.path("supervise");
    if (options_.services.size() <= most_signallers) {
        if (auto signaller = signal_changes(directory, Watch::What::Replacements)) {
            target.signaller = std::move(*signaller);
            return;
        }
    }
    if (!watch_) {
        if (auto opened = Watch::open()) watch_ = std::move(*opened);
    }
    if (watch_) {
        if (auto added = watch_->add(directory, Watch::What::Replacements)) target.watch = *added;
    }
    watches_all_ = watches_all_ && target.watch >= 0;
}

void CommandRun::send(Target& target, ServicePlace& place)
{
    if (const auto written = write_command(target, place); !written) {
        if (written.error().code != EAGAIN) return refuse(target, written.error());
        return look_again(target, longest_look);
    }
    target.phase = Phase::Waiting;
    if (!options_.waits) finish(target);
}

Outcome CommandRun::write_command(Target& target, ServicePlace& place)
{
    FixedString<8> bytes{options_.command->bytes};
    target.past_fence = bytes.view().empty();
    if (target.past_fence) return success();
    if (options_.waits) bytes.append({&fence, 1});

    auto control = with_descriptor([&] { return place.open_control(); });
    if (!control) return control.error();
    if (auto written = write_all(control->get(), bytes.view(), writing); !written) {
        return written.error().code == EPIPE ? not_running : written.error();
    }
    if (!wants_end()) target.held = std::move(*control);
    return success();
}

void CommandRun::look(Target& target)
{
    target.stale = false;
    target.look_at = never;
    ServicePlace place = place_of(target);
    if (target.phase == Phase::Unsent) send(target, place);
    if (target.phase != Phase::Waiting) return;

    if (!target.held.is_open()) {
        if (auto ok = with_descriptor([&] { return place.open_ok(); }); !ok) return refuse(target, ok.error());
    }
    StatusRecord record;
    if (is_good(target, place, record)) report(target, "ok: ", place, record);
}

bool CommandRun::is_good(Target& target, ServicePlace& place, StatusRecord& record)
{
    for (;;) {
        auto status = with_descriptor([&] { return place.read_status(); });
        if (!status) return false;
        record = *status;
        const Verdict verdict = judge(options_.command->bytes, target.before, record);
        if (verdict == Verdict::NotYet) return false;
        if (target.past_fence) return verdict == Verdict::Good || check_agrees(target, place, record);
        if (!is_past_fence(target, place)) {
            look_again(target, longest_look);
            return false;
        }
        target.past_fence = true;  // what was read before that is worth nothing
    }
}

bool CommandRun::is_past_fence(Target& target, ServicePlace& place)
{
    UniqueFd opened;
    if (!target.held.is_open()) {
        auto control = with_descriptor([&] { return place.open_control(); });
        if (!control) return false;
        opened = std::move(*control);
    }
    auto unread = unread_bytes(opened.is_open() ? opened.get() : target.held.get(), "look into supervise/control");
    return !unread || *unread == 0;
}

bool CommandRun::check_agrees(Target& target, ServicePlace& place, const StatusRecord& record)
{
    auto answer = target.check.ask(place, record, signals_.child_mask(), monotonic_now());
    if (!answer) {
        refuse(target, answer.error());
        return false;
    }
    target.look_at = target.check.next_look();
    return *answer == CheckScript::Answer::Yes;
}

void CommandRun::look_again(Target& target, Instant longest)
{
    target.look_at = monotonic_now() + target.look_pause;
    target.look_pause = std::min(target.look_pause * 2, longest);
}

void CommandRun::refuse(Target& target, const Error& why)
{
    if (wants_end() && why == not_running) {
        output_.append("ok: ").append_name(target.name).append(": runsv not running\n");
    } else {
        append_failure(output_, target.name, "", why);
        output_.append("\n");
        ++failures_;
    }
    finish(target);
}

void CommandRun::report(Target& target, const char* kind, ServicePlace& place, const StatusRecord& record)
{
    output_.append(kind);
    append_status(output_, target.name, place, record);
    output_.append("\n");
    finish(target);
}

void CommandRun::finish(Target& target)
{
    target.check.kill();
    target.phase = Phase::Done;
    target.held.close();
    target.signaller.close();
    --waiting_;
}

void CommandRun::expire(Target& target)
{
    ServicePlace place = place_of(target);
    if (target.phase == Phase::Unsent) return refuse(target, {writing, EAGAIN});
    const bool kills = options_.command->act == Act::Force;
    auto status = with_descriptor([&] { return place.read_status(); });
    if (!status) {
        refuse(target, status.error());
    } else {
        ++failures_;
        report(target, kills ? "kill: " : "timeout: ", place, *status);
    }
    if (!kills) return;
    auto control = place.open_control();
    const Outcome written = control ? write_all(control->get(), "k", writing) : control.error();
    if (written) return;
    append_failure(output_, target.name, "", written.error());
    output_.append("\n");
}

// Descriptors held only make waiting sharper. When they are short they are given back, and the services looked at
// often instead.
template <typename Open>
auto CommandRun::with_descriptor(Open open) -> decltype(open())
{
    auto opened = open();
    if (!opened && is_out_of_descriptors(opened.error()) && release_held()) return open();
    return opened;
}

bool CommandRun::release_held()
{
    bool any = false;
    for (Target& target : targets_.all()) {
        any = any || target.held.is_open();
        target.held.close();
    }
    holds_all_ = holds_all_ && !any;
    return any;
}

}  // namespace runsuite::sv
