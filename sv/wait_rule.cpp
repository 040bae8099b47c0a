#include "sv/wait_rule.hpp"

#include "model/command.hpp"

namespace runsuite::sv {

namespace {

Verdict good_if(bool claim)
{
    return claim ? Verdict::Good : Verdict::NotYet;
}

Verdict running(const StatusRecord& now)
{
    const bool runs = now.state == ServiceState::Run && now.pid != 0;
    return runs ? Verdict::GoodIfChecked : Verdict::NotYet;
}

Verdict down(const StatusRecord& now)
{
    return good_if(now.state == ServiceState::Down && now.pid == 0);
}

// The stamp does not change when ./finish starts, so finish is not taken for a new process.
bool is_another_run(const std::optional<StatusRecord>& before, const StatusRecord& now)
{
    if (!before || before->since != now.since) return true;
    return before->state == ServiceState::Run && now.state == ServiceState::Run && before->pid != now.pid;
}

Verdict replaced(const std::optional<StatusRecord>& before, const StatusRecord& now)
{
    if (now.pid == 0) return good_if(now.want != Want::Up);
    if (now.term_sent || !is_another_run(before, now)) return Verdict::NotYet;
    return now.state == ServiceState::Run ? Verdict::GoodIfChecked : Verdict::Good;
}

Verdict judge_command(Command command, const std::optional<StatusRecord>& before, const StatusRecord& now)
{
    switch (command) {
        case Command::Up: return running(now);
        case Command::Down: return down(now);
        case Command::Terminate:
        case Command::Kill: return replaced(before, now);
        case Command::Once:
            if (now.state == ServiceState::Run) return good_if(now.want != Want::Up);
            return good_if(now.state == ServiceState::Down && now.want != Want::Up &&
                           (!before || before->since != now.since));
        case Command::Pause: return good_if(now.pid == 0 || now.paused);
        case Command::Continue: return good_if(now.pid == 0 || !now.paused);
        case Command::Exit: return Verdict::NotYet;
        case Command::Hangup:
        case Command::Alarm:
        case Command::Interrupt:
        case Command::Quit:
        case Command::User1:
        case Command::User2: return Verdict::Good;
    }
    return Verdict::Good;
}

}  // namespace

Verdict judge(std::string_view bytes, const std::optional<StatusRecord>& before, const StatusRecord& now)
{
    if (bytes.empty()) return now.want == Want::Up ? running(now) : down(now);
    Verdict all = Verdict::Good;
    for (const char byte : bytes) {
        const auto command = command_of(byte);
        const Verdict one = command ? judge_command(*command, before, now) : Verdict::Good;
        if (one == Verdict::NotYet) return one;
        if (one == Verdict::GoodIfChecked) all = one;
    }
    return all;
}

bool waits_for_run(std::string_view bytes)
{
    return bytes.empty() || ends_run(bytes) || bytes.find('u') != std::string_view::npos;
}

bool ends_run(std::string_view bytes)
{
    return bytes.find_first_of("tk") != std::string_view::npos;
}

}  // namespace runsuite::sv
