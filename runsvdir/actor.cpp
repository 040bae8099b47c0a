#include "runsvdir/actor.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "app/container_mark.hpp"
#include "app/report.hpp"
#include "posix/clock.hpp"
#include "runsvdir/essential.hpp"

namespace runsuite::runsvdir {

namespace {

// Ours and the mark; nullptr without memory. It lives as long as the program.
const char* const* marked_environment()
{
    std::size_t count = 0;
    while (environ[count] != nullptr) ++count;
    auto* const marked = static_cast<const char**>(std::malloc((count + 2) * sizeof(char*)));
    if (marked == nullptr) return nullptr;
    std::copy_n(environ, count, marked);
    marked[count] = container_mark;
    marked[count + 1] = nullptr;
    return marked;
}

}  // namespace

void Actor::open(const sigset_t& mask, std::span<const Redirect> redirects, bool own_sessions, bool is_container)
{
    spec_.program = "runsv";
    spec_.mask = &mask;
    spec_.redirects = redirects;
    spec_.own_session = own_sessions;
    is_container_ = is_container;
    if (is_container) spec_.environment = marked_environment();
}

void Actor::carry_out(Due due, Known& known, Known* predecessor)
{
    switch (due) {
        case Due::Start: start(known); return;
        case Due::Stop: stop(known); return;
        case Due::Tell:
            if (predecessor != nullptr) tell_of_succession(known, *predecessor);
            return;
        case Due::Forget:
        case Due::Nothing: return;
    }
}

void Actor::start(Known& known)
{
    const Instant now = monotonic_now();
    if (now < no_start_before_) return;
    if (is_container_) forget_end(known.name);
    const char* const argv[] = {"runsv", known.name, nullptr};
    spec_.argv = argv;
    auto spawned = spawn(spec_);
    spec_.argv = nullptr;
    if (!spawned) {
        no_start_before_ = now + restart_pause;
        const int code = spawned.error().code;
        if (fork_trouble_.is_due(code, now)) report::warn(Error{"fork for", code}, known.name);
        return;
    }
    fork_trouble_.settle();
    known = after_start(known, spawned->pid, now);
    if (!spawned->not_run) known.complaint.settle();
    else if (known.complaint.is_due(spawned->not_run.code, now)) {
        report::fatal(Error{"start runsv", spawned->not_run.code}, known.name);
    }
}

void Actor::stop(Known& known)
{
    ::kill(known.pid, SIGTERM);
    known = after_term(known, monotonic_now());
}

void Actor::tell_of_succession(const Known& known, Known& predecessor)
{
    report::Line line;
    report::append_name(line, known.name);
    line.append(" waits for the runsv of the directory it replaced to end, pid ").append_number(predecessor.pid);
    report::warn(line.view());
    predecessor.succession_told = true;
}

}  // namespace runsuite::runsvdir
