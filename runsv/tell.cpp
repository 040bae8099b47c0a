// The part of Supervisor that tells the operator of a container how a service is doing. Its lines are built away from the
// loop: they would dirty a page of every runsv's stack.
#include "app/report.hpp"
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

}  // namespace

void Supervisor::tell_of_end(Supervised& one, int wait_status)
{
    one.ends = after_end(one.ends, monotonic_now() - one.service.started);
    if (one.ends.told == one.ends.in_a_row) say_end(one.service.kind, wait_status, one.ends.in_a_row);
}

void Supervisor::tell_of_stable(Supervised& one)
{
    say_stable(one.service.kind, one.ends.in_a_row);
    one.ends = {};
}

Instant Supervisor::stable_at(const Supervised& one)
{
    return one.service.state == State::Run ? runsv::stable_at(one.ends, one.service.started) : never;
}

}  // namespace runsuite::runsv
