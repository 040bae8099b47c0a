// How a CommandRun comes to its end for a service: in time, or when the time is over.
#include "posix/clock.hpp"
#include "posix/file.hpp"
#include "sv/command_run.hpp"
#include "sv/lines.hpp"

namespace runsuite::sv {

namespace {

constexpr const char* writing = "write to supervise/control";

}  // namespace

// Of its own will, or of the command's.
void CommandRun::runsv_ended(Target& target)
{
    if (target.phase == Phase::Sent) return finish(target);
    ServicePlace place = place_of(target);
    if (target.phase == Phase::Killed) return report(target, "kill: ", place, target.at_end);
    refuse(target, not_running);
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
    append_report(target, kind, place, record);
    output_.append("\n");
    finish(target);
}

void CommandRun::append_report(Target& target, const char* kind, ServicePlace& place, const StatusRecord& record)
{
    output_.append(kind);
    append_status(output_, target.name, place, record);
}

void CommandRun::finish(Target& target)
{
    target.check.kill();
    target.phase = Phase::Done;
    target.held.close();
    target.runsv.close();
    target.signaller.close();
    --waiting_;
}

void CommandRun::expire(Target& target)
{
    ServicePlace place = place_of(target);
    switch (target.phase) {
        case Phase::Absent: {
            const auto ok = place.open_ok();
            return refuse(target, ok ? not_running : ok.error());
        }
        case Phase::Unsent: return refuse(target, {writing, EAGAIN});
        case Phase::Sent: return finish(target);
        case Phase::Waiting: return expire_wait(target, place);
        case Phase::Killed: return report(target, "timeout: ", place, target.at_end);
        case Phase::Done: return;
    }
}

void CommandRun::expire_wait(Target& target, ServicePlace& place)
{
    const bool kills = options_.command->act == Act::Force;
    auto status = place.read_status();
    if (!status) {
        refuse(target, status.error());
        if (kills) kill(target, place, {});
        return;
    }
    if (is_good_at_last(target, *status)) return report(target, "ok: ", place, *status);
    ++failures_;
    if (kills) return kill(target, place, *status);
    append_report(target, "timeout: ", place, *status);
    const auto complaint = target.check.complaint();
    if (!complaint.view().empty()) output_.append(": ").append_name(complaint.view());
    output_.append("\n");
    finish(target);
}

// A run that is watched for longer than others, since the last one ended, need not be so beyond the time to wait.
bool CommandRun::is_good_at_last(Target& target, const StatusRecord& record) const
{
    return is_to_run() && target.past_fence && target.check.is_absent() &&
           judge(options_.command->bytes, target.before, record) == Verdict::GoodIfChecked &&
           target.run.has_settled_at_last(record, monotonic_now());
}

// It is said once it is so: runsv has to take the command, and a ./finish to end by it.
void CommandRun::kill(Target& target, ServicePlace& place, const StatusRecord& record)
{
    auto control = place.open_control();
    constexpr std::array bytes{'k', fence};
    const Outcome written =
        control ? write_all(control->get(), {bytes.data(), bytes.size()}, writing) : control.error();
    if (target.phase == Phase::Done) return;
    if (!written) {
        report(target, "timeout: ", place, record);
        append_failure(output_, target.name, "", written.error());
        output_.append("\n");
        return;
    }
    target.check.kill();
    target.phase = Phase::Killed;
    target.at_end = record;
    target.past_fence = false;
    target.held = std::move(*control);
    target.look_pause = shortest_look;
    look_again(target, longest_look);
}

void CommandRun::look_for_kill(Target& target, ServicePlace& place)
{
    if (!is_past_fence(target, place)) return look_again(target, longest_look);
    if (target.at_end.state == ServiceState::Run) return report(target, "kill: ", place, target.at_end);
    if (target.at_end.state == ServiceState::Down) return report(target, "timeout: ", place, target.at_end);
    const auto status = place.read_status();
    const bool is_gone = status && (status->state != ServiceState::Finish || status->pid != target.at_end.pid);
    if (is_gone) return report(target, "kill: ", place, target.at_end);
    look_again(target, longest_distant_look);
}

}  // namespace runsuite::sv
