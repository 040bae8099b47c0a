#include "chpst/changes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "chpst/credentials.hpp"
#include "chpst/env_directory.hpp"
#include "chpst/kernel.hpp"
#include "chpst/narrate.hpp"
#include "chpst/number.hpp"
#include "chpst/resource_limits.hpp"
#include "posix/file.hpp"

namespace runsuite::chpst {

namespace {

using State = ProcessState;
using report::Line;

Failure unless_zero(int code, const char* words, const char* option)
{
    if (code == 0) return {};
    return failure(words, option, code);
}

Failure change_root(const State& state, Findings& found)
{
    if (::chdir(state.root) < 0) return last_failure("unable to change directory", "-/", state.root);
    if (::chroot(".") < 0) return last_failure("unable to change root directory", "-/", state.root);
    return look_up_accounts(state, found);
}

Failure change_directory(const State& state, Findings&)
{
    if (::chdir(state.directory) < 0) return last_failure("unable to change directory", "-C", state.directory);
    return {};
}

Failure change_nice(const State& state, Findings&)
{
    errno = 0;
    if (::nice(*state.nice) < 0 && errno != 0) return last_failure("unable to set nice level", "-n");
    return {};
}

// The descriptor stays open in the program: not one of 0, 1 and 2 though, which -0, -1 and -2 would close, and which the
// program takes for something else.
Failure take_lock(const State& state, Findings&)
{
    const char* option = state.lock_waits ? "-l" : "-L";
    constexpr const char* opening = "unable to open lock";
    auto lock = lock_file(state.lock, state.lock_waits ? Lock::Wait : Lock::Try, opening, "unable to lock");
    if (!lock) {
        Failure why = failure(lock.error().doing, option, lock.error().code, state.lock);
        why.is_quiet = state.lock_is_quiet;
        return why;
    }
    const bool is_standard = lock->get() <= STDERR_FILENO;
    const int kept = is_standard ? ::fcntl(lock->get(), F_DUPFD, STDERR_FILENO + 1) : lock->release();
    if (kept < 0 || ::fcntl(kept, F_SETFD, 0) < 0) return last_failure(opening, option, state.lock);
    return {};
}

constexpr const char* descriptor_names[] = {"standard input", "standard output", "standard error"};

void describe_closing(const State& state, const Findings&, Line& line)
{
    const char* separator = "close ";
    for (int fd = 0; fd < 3; ++fd) {
        if (!state.closed[fd]) continue;
        line.append(separator).append(descriptor_names[fd]);
        separator = ", ";
    }
}

Failure close_descriptors(const State& state, Findings&)
{
    for (int fd = 0; fd < 3; ++fd) {
        if (state.closed[fd]) ::close(fd);  // one that is closed already is as it should be
    }
    return {};
}

// The parent may have died before we asked to be told.
Failure set_parent_death_signal(const State& state, Findings& found)
{
    if (const int code = kernel::set_parent_death_signal(state.parent_death_signal)) {
        return failure("unable to set parent-death signal", "--pdeathsig", code);
    }
    if (::getppid() != found.parent) ::raise(state.parent_death_signal);
    return {};
}

void describe_cpus(const State& state, const Findings&, Line& line)
{
    const char* separator = "run on CPUs ";
    for (std::size_t cpu = 0; cpu < CpuSet::size; ++cpu) {
        if (!state.cpus->has(cpu)) continue;
        line.append(separator).append(Digits(static_cast<int>(cpu)).view());
        separator = ",";
    }
}

void describe_umask(const State& state, const Findings&, Line& line)
{
    const char digits[] = {static_cast<char>('0' + (*state.umask >> 6)),
                           static_cast<char>('0' + (*state.umask >> 3 & 7)),
                           static_cast<char>('0' + (*state.umask & 7))};
    line.append("set umask to 0").append({digits, sizeof digits});
}

constexpr Change in_order[] = {
    {"-P", [](const State& state) { return state.new_session; },
     [](const State&, const Findings&, Line& line) { line.append("start a new session"); },
     [](const State&, Findings&) {
         ::setsid();  // fails when we lead a process group already: then there is nothing to do
         return Failure{};
     }},
    {"--oom-score-adj", [](const State& state) { return state.oom_score_adj.has_value(); },
     [](const State& state, const Findings&, Line& line) {
         line.append("set OOM score adjustment to ").append(Digits(*state.oom_score_adj).view());
     },
     [](const State& state, Findings&) {
         return unless_zero(kernel::set_oom_score_adj(*state.oom_score_adj), "unable to set OOM score adjustment",
                            "--oom-score-adj");
     }},
    {"-/", [](const State& state) { return state.root != nullptr; },
     [](const State& state, const Findings&, Line& line) {
         line.append("change root directory to ");
         report::append_name(line, state.root);
     },
     change_root},
    {"-C", [](const State& state) { return state.directory != nullptr; },
     [](const State& state, const Findings&, Line& line) {
         line.append("change directory to ");
         report::append_name(line, state.directory);
     },
     change_directory},
    {"-n", [](const State& state) { return state.nice.has_value(); },
     [](const State& state, const Findings&, Line& line) {
         line.append("add ").append(Digits(*state.nice).view()).append(" to the nice value");
     },
     change_nice},
    {"--cpu-affinity", [](const State& state) { return state.cpus.has_value(); }, describe_cpus,
     [](const State& state, Findings&) {
         return unless_zero(kernel::set_cpu_affinity(*state.cpus), "unable to set CPU affinity", "--cpu-affinity");
     }},
    {"--cpu-scheduling", [](const State& state) { return state.scheduling.has_value(); },
     [](const State& state, const Findings&, Line& line) {
         line.append("set scheduling policy to ").append(policy_name(state.scheduling->policy));
         if (state.scheduling->priority != 0) line.append(":").append(Digits(state.scheduling->priority).view());
     },
     [](const State& state, Findings&) {
         return unless_zero(kernel::set_scheduling(*state.scheduling), "unable to set scheduling policy",
                            "--cpu-scheduling");
     }},
    {"-U", [](const State& state) { return state.env_user.is_given(); }, describe_env_user, set_env_user},
    {"--login-environment", [](const State& state) { return state.login_environment; }, describe_login_environment,
     set_login_environment},
    {"--bounding-set", [](const State& state) { return state.bounding_set.any(); },
     [](const State& state, const Findings&, Line& line) {
         describe_capabilities(state.bounding_set, "capability bounding set:", line);
     },
     [](const State& state, Findings&) {
         return unless_zero(kernel::change_bounding_set(state.bounding_set),
                            "unable to change the capability bounding set", "--bounding-set");
     }},
    {"-o", [](const State& state) { return state.limits.any_hard(); }, describe_raising, raise_hard_limits},
    {"-u", [](const State& state) { return state.user.is_given(); }, describe_user, change_user},
    {"--ambient-caps", [](const State& state) { return state.ambient_caps.any(); },
     [](const State& state, const Findings&, Line& line) {
         describe_capabilities(state.ambient_caps, "ambient capabilities:", line);
     },
     [](const State& state, Findings& found) {
         return unless_zero(kernel::change_ambient_set(state.ambient_caps, found.account.uid != 0),
                            "unable to change the ambient capabilities", "--ambient-caps");
     }},
    {"-l", [](const State& state) { return state.lock != nullptr; },
     [](const State& state, const Findings&, Line& line) {
         line.append(state.lock_waits ? "wait for the lock " : "take the lock ");
         report::append_name(line, state.lock);
     },
     take_lock},
    {"--umask", [](const State& state) { return state.umask.has_value(); }, describe_umask,
     [](const State& state, Findings&) {
         ::umask(*state.umask);
         return Failure{};
     }},
    {"-0", [](const State& state) { return state.closed[0] || state.closed[1] || state.closed[2]; },
     describe_closing, close_descriptors},
    {"-o", [](const State& state) { return state.limits.any(); }, describe_limits, set_limits},
    {"--pdeathsig", [](const State& state) { return state.parent_death_signal != 0; },
     [](const State& state, const Findings&, Line& line) {
         line.append("set parent-death signal to ").append(Digits(state.parent_death_signal).view());
     },
     set_parent_death_signal},
    {"--no-new-privs", [](const State& state) { return state.no_new_privs; },
     [](const State&, const Findings&, Line& line) { line.append("forbid new privileges"); },
     [](const State&, Findings&) {
         return unless_zero(kernel::set_no_new_privs(), "unable to forbid new privileges", "--no-new-privs");
     }},
};

}  // namespace

std::span<const Change> changes_in_order()
{
    return in_order;
}

Failure find_out(const ProcessState& state, Findings& found)
{
    if (state.parent_death_signal != 0) found.parent = ::getppid();
    if (state.env_directory != nullptr) {
        if (Failure why = read_env_directory(state, found.environment)) return why;
    }
    if (state.root != nullptr) return {};
    return look_up_accounts(state, found);
}

Failure apply(const ProcessState& state, Findings& found)
{
    for (const Change& change : in_order) {
        if (!change.is_wanted(state)) continue;
        if (is_narrated(state)) {
            Line line;
            change.describe(state, found, line);
            if (Failure why = narrate(state, line)) return why;
        }
        if (state.dry_run) continue;
        if (Failure why = change.apply(state, found)) return why;
    }
    return {};
}

}  // namespace runsuite::chpst
