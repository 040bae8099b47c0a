#include "init/actor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "base/parse.hpp"
#include "init/flag.hpp"
#include "init/paths.hpp"
#include "model/exit_record.hpp"
#include "posix/file.hpp"
#include "posix/spawn.hpp"

namespace runsuite::init {

namespace {

constexpr std::int64_t longest_grace = 24 * 60 * 60;

void say_script(std::string_view text, Script script)
{
    Line line{text};
    Console::say(line.append(path_of(script)).view());
}

void say_end(Script script, int wait_status)
{
    const ExitRecord end = ExitRecord::of(wait_status);
    Line line{"warning: child "};
    line.append(end.how == ExitRecord::How::Killed ? "crashed: " : "failed: ").append(path_of(script));
    Console::say(line.append(" (").append(end.text().view()).append(")").view());
}

// The system says "no such file" for a script whose interpreter is missing.
void say_not_run(const char* path, int code)
{
    Line name{path};
    if (code == ENOENT && exists(path)) name.append(": interpreter");
    Console::say_failure("fatal: unable to start child: ", name.view(), code);
}

}  // namespace

const char* path_of(Script script)
{
    switch (script) {
        case Script::One: return stage_1;
        case Script::Two: return stage_2;
        case Script::Three: return stage_3;
        case Script::CtrlAltDel: return ctrlaltdel;
        case Script::Rescue: return is_set(rescue) ? rescue : shell;
    }
    return shell;
}

Instant read_grace()
{
    auto file = open_file(grace, O_RDONLY, "open");
    if (!file) {
        if (file.error().code != ENOENT)
            Console::say_failure("warning: unable to open ", grace, file.error().code);
        return default_grace;
    }
    std::array<char, 32> bytes;
    const auto size = read_all(file->get(), bytes, "read");
    std::string_view text{bytes.data(), size ? *size : 0};
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
    const auto seconds = parse_number<std::uint32_t>(text);
    if (seconds && *seconds <= longest_grace) return std::chrono::seconds(*seconds);
    Console::say_failure("warning: no number of seconds in ", grace, EINVAL);
    return default_grace;
}

void Actor::open(const sigset_t& mask)
{
    mask_ = &mask;
    console_.open();
}

std::optional<Event> Actor::carry_out(const Action& action)
{
    switch (action.what) {
        case Action::What::Start: return start(action.script);
        case Action::What::Say: say_script(action.text, action.script); break;
        case Action::What::SayPlain: Console::say(action.text); break;
        case Action::What::SayEnd: say_end(action.script, action.wait_status); break;
        case Action::What::Terminate:
            ::kill(action.pid, SIGTERM);
            ::kill(action.pid, SIGCONT);
            break;
        case Action::What::Kill: ::kill(action.pid, SIGKILL); break;
        case Action::What::KillGroup: ::kill(-action.pid, SIGKILL); break;
        case Action::What::KillAll: ::kill(-1, SIGKILL); break;
        case Action::What::Remind: ::kill(::getpid(), SIGCONT); break;
    }
    return std::nullopt;
}

Event Actor::start(Script script)
{
    console_.open();
    if (script == Script::CtrlAltDel && !is_set(ctrlaltdel)) {
        Console::say_failure("warning: ctrl-alt-del does nothing: ", ctrlaltdel,
                             exists(ctrlaltdel) ? EACCES : ENOENT);
        return {.what = Event::What::NotRun, .script = script};
    }
    say_script(script == Script::Rescue ? "rescue shell: " : "enter stage: ", script);
    const std::array<const char*, 2> argv{path_of(script), nullptr};
    SpawnSpec spec;
    spec.program = argv[0];
    spec.argv = argv.data();
    spec.mask = mask_;
    spec.own_session = script == Script::Two || script == Script::Three || script == Script::Rescue;
    spec.controlling_terminal = script == Script::Rescue;
    const auto spawned = spawn(spec);
    if (!spawned) {
        Console::say_failure("warning: unable to fork for ", argv[0], spawned.error().code);
        return {.what = Event::What::NotStarted, .script = script};
    }
    if (!spawned->not_run) return {.what = Event::What::Started, .script = script, .pid = spawned->pid};
    say_not_run(argv[0], spawned->not_run.code);
    return {.what = Event::What::NotRun, .script = script};
}

}  // namespace runsuite::init
