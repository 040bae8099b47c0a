#include "runsv/actor.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "app/service_dir.hpp"
#include "base/fixed_string.hpp"
#include "posix/file.hpp"
#include "posix/process.hpp"

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

}  // namespace

std::optional<Event> Actor::carry_out(const Action& action, const Service& service, int adopted) const
{
    record_.prepare(service);
    switch (action.what) {
        case Action::What::Prepare: return prepare();
        case Action::What::StartRun: return start_run();
        case Action::What::StartFinish: return start_finish(service);
        case Action::What::AskScript: return ask_script(action.script);
        case Action::What::Signal: signal_process(adopted, service.pid, action.signal); break;
        case Action::What::EndScript: ::kill(action.pid, action.signal); break;
        case Action::What::Retire: break;
    }
    return std::nullopt;
}

Event Actor::start_run() const
{
    const std::array<const char*, 2> argv{service_dir::run, nullptr};
    record_.expect(LockRecord::Phase::Run, 0);
    return answer_of(start(argv.data()));
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
    return answer_of(start(argv.data()));
}

Event Actor::prepare() const
{
    const ScriptPath script{'u'};
    if (!can_be_asked(script.name.c_str())) return {.what = Event::What::Absent};
    const std::array<const char*, 2> argv{script.name.c_str(), nullptr};
    record_.expect(LockRecord::Phase::Preparing, 0);
    return answer_of(start(argv.data()));
}

// A script that cannot be started counts as failed, so the command is carried out without it.
Event Actor::ask_script(Script which) const
{
    const ScriptPath script{which};
    if (!can_be_asked(script.name.c_str())) return {.what = Event::What::ScriptEnded};
    const std::array<const char*, 2> argv{script.name.c_str(), nullptr};
    record_.expect(LockRecord::Phase::Run, which);
    Event answer = answer_of(start(argv.data()));
    const bool has_process = answer.what == Event::What::Started;
    answer.what = has_process ? Event::What::ScriptStarted : Event::What::ScriptEnded;
    return answer;
}

Event Actor::answer_of(const Result<Spawned>& spawned) const
{
    if (!spawned) return {.what = Event::What::NotStarted, .trouble = spawned.error()};
    const Spawned child = *spawned;
    return {.what = Event::What::Started, .pid = child.pid, .since = record_.since(), .trouble = child.not_run};
}

Result<Spawned> Actor::start(const char* const* argv) const
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
    return spawn(spec);
}

}  // namespace runsuite::runsv
