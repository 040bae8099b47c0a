#include "runsvdir/actor.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "app/container_mark.hpp"
#include "app/report.hpp"
#include "app/start_mark.hpp"
#include "base/fixed_list.hpp"
#include "posix/clock.hpp"
#include "posix/descriptor_limit.hpp"
#include "runsvdir/adopted.hpp"
#include "runsvdir/essential.hpp"

namespace runsuite::runsvdir {

namespace {

// Ours and the marks; nullptr without memory. It lives as long as the program.
const char* const* marked_environment(std::span<const char* const> marks)
{
    std::size_t count = 0;
    while (environ[count] != nullptr) ++count;
    auto* const marked = static_cast<const char**>(std::malloc((count + marks.size() + 1) * sizeof(char*)));
    if (marked == nullptr) return nullptr;
    std::copy_n(environ, count, marked);
    std::copy(marks.begin(), marks.end(), marked + count);
    marked[count + marks.size()] = nullptr;
    return marked;
}

}  // namespace

void Actor::open(const sigset_t& mask, std::span<const Redirect> redirects, bool own_sessions)
{
    spec_.program = "runsv";
    spec_.mask = &mask;
    spec_.redirects = redirects;
    spec_.own_session = own_sessions;
    spec_.in_child = [](void*) { restore_descriptor_limit(); };
}

void Actor::mark(bool is_container, bool is_ordered)
{
    is_container_ = is_container;
    FixedList<const char*, 2> marks;
    if (is_container) marks.add(container_mark);
    if (is_ordered) marks.add(start_mark);
    if (marks.size() != 0) spec_.environment = marked_environment({marks.begin(), marks.size()});
}

void Actor::carry_out(Due due, Services& services, Known& known)
{
    switch (due) {
        case Due::Start: start(services, known); return;
        case Due::Stop: stop(known); return;
        case Due::Tell:
            if (Known* const predecessor = services.predecessor_of(known)) tell_of_succession(known, *predecessor);
            return;
        case Due::Forget:
        case Due::Nothing: return;
    }
}

void Actor::start(Services& services, Known& known)
{
    const Instant now = monotonic_now();
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
    services.update(known, after_start(known, spawned->pid, now));
    if (!spawned->not_run) known.complaint.settle();
    else if (known.complaint.is_due(spawned->not_run.code, now)) {
        report::fatal(Error{"start runsv", spawned->not_run.code}, known.name);
    }
}

void Actor::stop(Known& known)
{
    signal_runsv(known, SIGTERM);
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
