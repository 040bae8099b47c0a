#include "sv/check_script.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <array>

#include "app/service_dir.hpp"
#include "posix/file.hpp"
#include "posix/spawn.hpp"

namespace runsuite::sv {

namespace {

Result<Spawned> spawn_check(const char* directory, const sigset_t& mask)
{
    const std::array<const char*, 2> argv{service_dir::check, nullptr};
    SpawnSpec spec;
    spec.program = service_dir::check;
    spec.argv = argv.data();
    spec.directory = directory;
    spec.mask = &mask;
    spec.own_session = true;  // so that kill() finds all that it has started
    return spawn(spec);
}

}  // namespace

Result<CheckScript::Answer> CheckScript::ask(ServicePlace& place, const StatusRecord& record, const sigset_t& mask,
                                             Instant now)
{
    if (pid_ != 0) return Answer::Pending;
    if (std::exchange(said_yes_, false) && asked_of_.since == record.since && asked_of_.pid == record.pid) {
        return Answer::Yes;
    }
    if (now < not_before_) return Answer::Pending;
    if (auto found = find_at(AT_FDCWD, place.path("check"), "run ./check"); found.error().code == ENOENT)
        return Answer::Yes;

    auto spawned = spawn_check(place.path(""), mask);
    if (!spawned) {
        pause(now);  // out of processes: that may pass
        return Answer::Pending;
    }
    if (spawned->not_run) return Error{"run ./check", spawned->not_run.code};
    pid_ = spawned->pid;
    asked_of_ = record;
    return Answer::Pending;
}

void CheckScript::ended(int wait_status, Instant now)
{
    pid_ = 0;
    said_yes_ = WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0;
    if (!said_yes_) pause(now);
}

void CheckScript::pause(Instant now)
{
    not_before_ = now + pause_;
    pause_ = std::min(pause_ * 2, longest_pause);
}

void CheckScript::kill()
{
    if (pid_ != 0) ::kill(-pid_, SIGKILL);
}

}  // namespace runsuite::sv
