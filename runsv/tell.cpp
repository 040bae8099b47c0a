// The part of Supervisor that tells the operator how a service is doing. Its lines are built away from the loop: they would
// dirty a page of every runsv's stack.
#include <utility>

#include "app/report.hpp"
#include "app/run_trouble.hpp"
#include "app/service_dir.hpp"
#include "model/exit_record.hpp"
#include "posix/clock.hpp"
#include "posix/file.hpp"
#include "runsv/supervisor.hpp"

namespace runsuite::runsv {

namespace {

std::string_view subject(Kind kind)
{
    return kind == Kind::Log ? "log " : "";
}

// What a finish makes of it, which may be to take the service down, nobody knows yet.
[[gnu::noinline]] void say_end(Kind kind, int wait_status, unsigned in_a_row)
{
    const bool is_finished = kind == Kind::Main && is_readable(service_dir::finish);
    report::Line line{subject(kind)};
    line.append("ended (").append(ExitRecord::of(wait_status).text().view()).append(") and ");
    line.append(is_finished ? "finish is run" : "is started again");
    if (in_a_row > 1) line.append(", ").append_number(in_a_row).append(" times in a row");
    report::warn(line.view());
}

[[gnu::noinline]] void say_stable(Kind kind, unsigned ends)
{
    report::Line line{subject(kind)};
    line.append("has run for a minute, after it ended ").append_number(ends).append(" times in a row");
    report::inform(line.view());
}

[[gnu::noinline]] void say_log_fails(unsigned in_a_row, bool may_lose)
{
    report::Line line{"log ended "};
    line.append_number(in_a_row).append(" times in a row: ");
    line.append(may_lose ? "the oldest output is thrown away" : "output waits");
    report::warn(line.view());
}

[[gnu::noinline]] void say_loss(std::size_t bytes)
{
    report::Line line{"log is back: "};
    line.append_number(bytes).append(" bytes of output were thrown away");
    report::warn(line.view());
}

[[gnu::noinline]] void say_background(std::size_t left)
{
    report::Line line{"exited 0 and left "};
    line.append_number(left).append(left == 1 ? " process" : " processes");
    line.append(" behind: does it go to the background?");
    report::warn(line.view());
}

// Which of Supervised::failures.
std::size_t slot_of(const Action& action)
{
    switch (action.what) {
        case Action::What::StartRun: return 0;
        case Action::What::StartFinish: return 1;
        case Action::What::Prepare: return 2;
        default: return 3;
    }
}

// As seen from the service directory.
FixedString<16> program_of(const Action& action, Kind kind)
{
    FixedString<16> path{kind == Kind::Log ? "log/" : ""};
    if (action.what == Action::What::StartRun) return path.append(service_dir::run);
    if (action.what == Action::What::StartFinish) return path.append(service_dir::finish);
    const bool is_asked = action.what == Action::What::AskScript;
    return path.append("control/").append({is_asked ? &action.script : "u", 1});
}

// FNV-1a: a hash of the words, which are too many to be kept.
std::uint32_t hash_of(std::string_view words)
{
    std::uint32_t hash = 2166136261;
    for (const char letter : words) hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619;
    return hash;
}

// A process could not become its program: fatal for that process, as the reference has it. Or there was none.
[[gnu::noinline]] void say_not_started(Kind kind, const Action& action, const Error& trouble,
                                       StartFailures& failures)
{
    const auto path = program_of(action, kind);
    const bool has_process = trouble.doing != std::string_view{"fork"};
    const bool is_file = trouble.doing == std::string_view{"run"};
    report::Line line{has_process ? "unable to start " : "unable to fork for "};
    line.append(path.view()).append(": ");
    const auto why =
        is_file ? run_trouble(path.c_str(), trouble.code) : report::Line{report::reason(trouble.code)};
    line.append(why.view());
    failures = after_failure(failures, hash_of(line.view()));
    const unsigned in_a_row = failures.count.in_a_row;
    const bool is_missing = is_file && why.view() == report::reason(ENOENT);
    if (!is_to_be_told(failures.count) || (is_missing && in_a_row > 1)) return;
    if (in_a_row > 1) line.append(", ").append_number(in_a_row).append(" times in a row");
    if (has_process) report::fatal(line.view());
    else report::warn(line.view());
}

}  // namespace

void Supervisor::tell_of_start(Supervised& one, const Action& action, const Event& answer)
{
    StartFailures& failures = one.failures[slot_of(action)];
    if (answer.trouble) say_not_started(one.service.kind, action, answer.trouble, failures);
    else failures = {};
}

// Of a ./run that could not be started everything is said.
void Supervisor::tell_of_end(Supervised& one, int wait_status)
{
    one.ends = after_end(one.ends, monotonic_now() - one.service.started);
    const bool is_failing_log = one.service.kind == Kind::Log && is_failing(one.ends);
    if (is_failing_log) may_lose_ = exists(service_dir::relieve);
    if (!is_to_be_told(one.ends)) return;
    if (is_failing_log) return say_log_fails(one.ends.in_a_row, may_lose_);
    if (tells_of_ends_ && one.service.state == State::Run)
        say_end(one.service.kind, wait_status, one.ends.in_a_row);
}

void Supervisor::tell_of_background(int wait_status, bool is_unasked)
{
    const Instant ran = monotonic_now() - main_.service.started;
    const std::size_t left = background_.end(ours(), is_unasked && wait_status == 0, ran);
    if (left > 0) say_background(left);
}

void Supervisor::relieve_pipe()
{
    const std::size_t lost = pipe_.relieve();
    if (lost > 0 && lost_ == 0 && log_is_switched_off())
        report::warn("log is down: the oldest output is thrown away");
    lost_ += lost;
}

void Supervisor::tell_of_loss()
{
    say_loss(std::exchange(lost_, 0));
}

// Commands, deaths and deadlines are looked at all the same.
void Supervisor::tell_of_wait(const Error& why)
{
    const Instant moment = monotonic_now();
    if (moment < tell_wait_again_) return;
    tell_wait_again_ = moment + std::chrono::minutes(1);
    report::warn(why);
}

void Supervisor::tell_of_stable(Supervised& one)
{
    const bool is_failing_log = one.service.kind == Kind::Log && is_failing(one.ends);
    if (tells_of_ends_ || is_failing_log) say_stable(one.service.kind, one.ends.in_a_row);
    one.ends = {};
}

Instant Supervisor::stable_at(const Supervised& one)
{
    if (one.service.state != State::Run) return never;
    if (one.service.kind == Kind::Log && is_failing(one.ends)) return one.service.started + stable_run;
    return runsv::stable_at(one.ends, one.service.started);
}

}  // namespace runsuite::runsv
