#include "runsv/actor.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "app/report.hpp"
#include "app/service_dir.hpp"
#include "base/fixed_string.hpp"
#include "posix/file.hpp"
#include "posix/process.hpp"
#include "posix/spawn.hpp"

namespace runsuite::runsv {

namespace {

struct ScriptPath {
    explicit ScriptPath(Script script) : name("control/") { name.append({&script, 1}); }
    FixedString<10> name;
};

// As the reference: only the bit of the owner counts.
bool can_be_asked(const char* script)
{
    struct stat about {};
    return ::stat(script, &about) == 0 && (about.st_mode & S_IXUSR) != 0;
}

// Fatal for the child, as the reference has it. The system says "no such file" for a script whose interpreter is
// missing, and "access denied" for a directory. Kept apart from its caller: the line would dirty a page of every runsv's
// stack.
[[gnu::noinline]] void report_not_run(const char* program, const char* path, Error why)
{
    if (why.code == EACCES && is_directory(path)) why.code = EISDIR;
    FixedString<32> what{program};
    if (why.code == ENOENT && exists(path)) what.append(": interpreter");
    report::fatal(Error{"start", why.code}, what.view());
}

[[gnu::noinline]] void report_no_process(const char* program, Error why)
{
    report::warn(Error{"fork for", why.code, program});
}

}  // namespace

std::optional<Event> Actor::carry_out(const Action& action, const Service& service, int adopted) const
{
    switch (action.what) {
        case Action::What::Prepare: return prepare();
        case Action::What::StartRun: return start_run();
        case Action::What::StartFinish: return start_finish(service);
        case Action::What::AskScript: return ask_script(action.script);
        case Action::What::Signal: signal_process(adopted, service.pid, action.signal); break;
        case Action::What::EndScript: ::kill(action.pid, SIGTERM); break;
        case Action::What::Retire: break;
    }
    return std::nullopt;
}

Event Actor::start_run() const
{
    const std::array<const char*, 2> argv{service_dir::run, nullptr};
    record_.expect(LockRecord::Phase::Run, 0);
    return answer_of(start(argv.data(), kind_ == Kind::Main ? "./run" : "log/./run"));
}

Event Actor::start_finish(const Service& service) const
{
    if (!is_readable(service_dir::finish)) return {.what = Event::What::Absent};
    const FinishArguments arguments = finish_arguments(service.wait_status);
    FixedString<12> code;
    FixedString<12> status;
    code.append_number(arguments.code);
    status.append_number(arguments.status);
    const std::array<const char*, 4> argv{service_dir::finish, code.c_str(), status.c_str(), nullptr};
    record_.expect(LockRecord::Phase::Finish, 0);
    return answer_of(start(argv.data(), service_dir::finish));
}

Event Actor::prepare() const
{
    const ScriptPath script{'u'};
    if (!can_be_asked(script.name.c_str())) return {.what = Event::What::Absent};
    const std::array<const char*, 2> argv{script.name.c_str(), nullptr};
    record_.expect(LockRecord::Phase::Preparing, 0);
    return answer_of(start(argv.data(), script.name.c_str()));
}

// A script that cannot be started counts as failed, so the command is carried out without it.
Event Actor::ask_script(Script which) const
{
    const ScriptPath script{which};
    if (!can_be_asked(script.name.c_str())) return {.what = Event::What::ScriptEnded};
    const std::array<const char*, 2> argv{script.name.c_str(), nullptr};
    record_.expect(LockRecord::Phase::Run, which);
    const auto pid = start(argv.data(), script.name.c_str());
    return pid ? Event{.what = Event::What::ScriptStarted, .pid = *pid} : Event{.what = Event::What::ScriptEnded};
}

Event Actor::answer_of(const Result<int>& pid) const
{
    if (!pid) return {.what = Event::What::NotStarted};
    return {.what = Event::What::Started, .pid = *pid, .since = record_.since()};
}

Result<int> Actor::start(const char* const* argv, const char* doing) const
{
    const Redirect to_log{pipe_.writing(), STDOUT_FILENO};
    const Redirect from_service{pipe_.reading(), STDIN_FILENO};
    SpawnSpec spec;
    spec.program = argv[0];
    spec.argv = argv;
    spec.mask = &signals_.child_mask();
    spec.in_child = Record::note_child;
    spec.argument = &record_;
    if (kind_ == Kind::Log) {
        spec.directory = service_dir::log;
        spec.redirects = {&from_service, 1};
    } else if (pipe_.is_open()) {
        spec.redirects = {&to_log, 1};
    }
    const auto spawned = spawn(spec);
    if (!spawned) {
        report_no_process(doing, spawned.error());
        return spawned.error();
    }
    const Spawned child = *spawned;
    if (child.not_run) report_not_run(doing, doing, child.not_run);
    return child.pid;
}

}  // namespace runsuite::runsv
