#include "sv/command_run.hpp"

#include <algorithm>

#include "app/lock_file.hpp"
#include "base/fixed_string.hpp"
#include "posix/clock.hpp"
#include "posix/fifo.hpp"
#include "posix/file.hpp"
#include "posix/process.hpp"
#include "sv/lines.hpp"

namespace runsuite::sv {

namespace {

// Even `-w 0` gives runsv time to take the command.
constexpr Instant shortest_wait = std::chrono::milliseconds(50);

// A signal does not say of which service it tells, so that all are looked at: good for a few.
constexpr std::size_t most_signallers = 8;

constexpr const char* writing = "write to supervise/control";

// An entry of the services directory that came in no longer ago may be one that runsvdir has still to start a runsv for.
constexpr Instant young = std::chrono::seconds(5);

bool is_out_of_descriptors(const Error& why)
{
    return why.code == EMFILE || why.code == ENFILE;
}

}  // namespace

Outcome CommandRun::open()
{
    const std::size_t count = options_.services.size();
    if (!targets_.allocate(count) || !descriptors_.allocate(2 * count + 1) || !holders_.allocate(2 * count)) {
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
    if (wants_end() && options_.waits) space_ = this_process_space();
    std::size_t at = 0;
    waiting_ = options_.services.size();
    for (const char* name : options_.services) {
        targets_[at].name = name;
        start(targets_[at++]);
    }
    for (look_at_all(); waiting_ > 0; look_at_all()) {
        if (monotonic_now() < deadline_) {
            wait();
            continue;
        }
        for (Target& target : targets_.all()) {
            if (target.phase != Phase::Done) expire(target);
        }
        deadline_ = monotonic_now() + time_to_take;  // of the KILLs
    }
    output_.flush();
    return failures_;
}

void CommandRun::look_at_all()
{
    const Instant now = monotonic_now();
    for (Target& target : targets_.all()) {
        if (target.phase != Phase::Done && (target.stale || target.look_at <= now)) look(target);
    }
}

void CommandRun::start(Target& target)
{
    ServicePlace place = place_of(target);
    auto ok = with_descriptor([&] { return place.open_ok(); });
    if (!ok && is_to_come(target, place, ok.error())) {
        target.phase = Phase::Absent;
        return look_again(target, longest_distant_look);
    }
    if (!ok) return refuse(target, ok.error());
    if (options_.waits) {
        // Watched before it is read, and read before the command is sent: nothing that happens is missed.
        watch(target, place);
        auto before = with_descriptor([&] { return place.read_status(); });
        if (before) target.before = *before;
        if (is_to_run()) target.run.begin(place, target.before, options_.settle, options_.timeout);
    }
    if (space_) {
        pid_t pid = 0;
        if (auto runsv = find_runsv(place.path(""), *space_, pid)) target.runsv = std::move(*runsv);
    }
    send(target, place);
    if (target.phase == Phase::Waiting && !target.held.is_open()) target.held = std::move(*ok);
}

// A service that has just come into the services directory: runsvdir is about to start its runsv.
bool CommandRun::is_to_come(const Target& target, ServicePlace& place, const Error& why) const
{
    if (wants_end()) return false;
    const bool is_missing = why.code == ENOENT && why.doing != change_directory;
    if (why != not_running && !is_missing) return false;
    if (target.phase == Phase::Absent) return true;
    const auto age = place.age_of_entry();
    return age >= Instant::zero() && age < young;
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
    target.phase = options_.waits ? Phase::Waiting : Phase::Sent;
    target.look_pause = shortest_look;
    target.taken_by = monotonic_now() + time_to_take;
    if (!options_.waits) look_for_taking(target, place);
}

Outcome CommandRun::write_command(Target& target, ServicePlace& place)
{
    FixedString<8> bytes{options_.command->bytes};
    target.past_fence = bytes.view().empty();
    if (target.past_fence) return success();
    bytes.append({&fence, 1});

    auto control = with_descriptor([&] { return place.open_control(); });
    if (!control) return control.error();
    if (auto written = write_all(control->get(), bytes.view(), writing); !written) {
        return written.error().code == EPIPE ? not_running : written.error();
    }
    if (!wants_end() || !options_.waits) target.held = std::move(*control);
    return success();
}

void CommandRun::look(Target& target)
{
    target.stale = false;
    target.look_at = never;
    if (target.phase == Phase::Absent) return start(target);
    ServicePlace place = place_of(target);
    if (target.phase == Phase::Unsent) send(target, place);
    if (target.phase == Phase::Sent) return look_for_taking(target, place);
    if (target.phase == Phase::Killed) return look_for_kill(target, place);
    if (target.phase != Phase::Waiting) return;

    if (!target.held.is_open()) {
        if (auto ok = with_descriptor([&] { return place.open_ok(); }); !ok) return refuse(target, ok.error());
    }
    StatusRecord record;
    if (is_good(target, place, record)) return report(target, "ok: ", place, record);
    if (target.phase == Phase::Waiting && is_to_run()) look_for_early_end(target, place);
}

// A service tells of its new state once runsv has taken the command: whoever asks next, sees that.
void CommandRun::look_for_taking(Target& target, ServicePlace& place)
{
    if (is_past_fence(target, place) || monotonic_now() >= target.taken_by) return finish(target);
    look_again(target, longest_look);
}

void CommandRun::look_for_early_end(Target& target, ServicePlace& place)
{
    const auto status = with_descriptor([&] { return place.read_status(); });
    if (!status) return;
    const auto end = target.run.early_end(place, *status, ends_run(options_.command->bytes));
    if (!end) return;
    append_early_end(output_, target.name, place, *end);
    ++failures_;
    finish(target);
}

bool CommandRun::is_good(Target& target, ServicePlace& place, StatusRecord& record)
{
    for (;;) {
        auto status = with_descriptor([&] { return place.read_status(); });
        if (!status) return false;
        record = *status;
        const Verdict verdict = judge(options_.command->bytes, target.before, record);
        if (verdict == Verdict::NotYet) return false;
        if (target.past_fence) return verdict == Verdict::Good || works(target, place, record);
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

bool CommandRun::works(Target& target, ServicePlace& place, const StatusRecord& record)
{
    const Instant now = monotonic_now();
    target.run.see(record, now);
    auto answer = target.check.ask(place, record, signals_.child_mask(), now);
    if (!answer) {
        refuse(target, answer.error());
        return false;
    }
    target.look_at = target.check.next_look();
    switch (*answer) {
        case CheckScript::Answer::Yes: return true;
        case CheckScript::Answer::Pending: target.run.has_check(); return false;
        case CheckScript::Answer::Absent: break;
    }
    target.look_at = target.run.settles_at(record, now);
    return target.look_at <= now;
}

void CommandRun::look_again(Target& target, Instant longest)
{
    target.look_at = monotonic_now() + target.look_pause;
    target.look_pause = std::min(target.look_pause * 2, longest);
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
