// Every state that the rule can get into, found by feeding every event that can come with every answer that the world
// can give, and what has to hold in each of them.
#include <deque>
#include <set>

#include "runsv/inheritance.hpp"
#include "runsv_world.hpp"
#include "support/catch.hpp"

using namespace world;
using namespace std::chrono_literals;

namespace {

constexpr Now at{1000s, 1700000000s};

// Distances in time matter only around the second; pids and stamps only as "some" or "none".
Service canonical(Service service)
{
    const auto age = std::min(at.monotonic - service.started, Instant(2s));
    service.started = at.monotonic - (age < 1s ? 0s : 2s);
    service.not_before = service.not_before > at.monotonic ? at.monotonic + 1s : at.monotonic;
    service.since = {};
    service.wait_status = 0;
    if (service.pid != 0) service.pid = 1;
    if (service.script_pid != 0) service.script_pid = 2;
    return service;
}

auto key(const Service& s)
{
    return std::tuple(s.kind, s.state, s.want, s.once, s.paused, s.term_sent, s.asked_to_end, s.hurried,
                      s.script_void, s.script, s.script_pid, s.pid, s.started, s.not_before);
}

struct Explorer {
    std::set<decltype(key({}))> seen;
    std::deque<Service> open;
    std::size_t steps = 0;

    void reach(const Service& service)
    {
        const Service found = canonical(service);
        if (seen.insert(key(found)).second) open.push_back(found);
    }

    static bool has_answer(const Action& action)
    {
        return action.what == Action::What::Prepare || action.what == Action::What::StartRun ||
               action.what == Action::What::StartFinish || action.what == Action::What::AskScript;
    }

    static std::vector<Event> answers_to(const Action& action)
    {
        using What = Event::What;
        const Event started{.what = What::Started, .now = at, .pid = 1};
        const Event not_run{.what = What::Started, .now = at, .pid = 1, .trouble = {"run", 8}};
        const Event not_started{.what = What::NotStarted, .now = at};
        const Event absent{.what = What::Absent, .now = at};
        switch (action.what) {
            case Action::What::Prepare:
            case Action::What::StartFinish: return {started, not_started, absent};
            case Action::What::StartRun: return {started, not_run, not_started};
            case Action::What::AskScript:
                return {{.what = What::ScriptStarted, .now = at, .pid = 2},
                        {.what = What::ScriptEnded, .now = at}};
            case Action::What::Signal:
            case Action::What::EndScript:
            case Action::What::Retire: break;
        }
        return {};
    }

    static bool has_signals(const Action& action, const Service& service)
    {
        return service.state == State::Run || (service.state == State::Finish && action.signal == SIGKILL);
    }

    // `before` is what the service was when the actions were asked for.
    static void check_actions(const Service& before, const Step& made)
    {
        REQUIRE(made.actions.size() <= 5);
        std::size_t place = 0;
        for (const Action& action : made.actions) {
            ++place;
            if (has_answer(action)) REQUIRE(place == made.actions.size());
            if (action.what == Action::What::Signal)
                REQUIRE((has_signals(action, made.next) && made.next.pid != 0));
            if (action.what == Action::What::StartRun) REQUIRE(made.next.pid == 0);
            if (action.what == Action::What::StartFinish)
                REQUIRE((made.next.pid == 0 && before.kind == Kind::Main));
            if (action.what == Action::What::EndScript) REQUIRE(action.pid != 0);
            if (action.what == Action::What::Retire) {
                REQUIRE((made.next.state == State::Down && made.next.want == Want::Exit));
                REQUIRE_FALSE(awaits_script(made.next));
            }
        }
    }

    void feed(const Service& service, const Event& event)
    {
        ++steps;
        const Step made = step(service, event);
        check_actions(service, made);
        const Action* last = nullptr;
        for (const Action& action : made.actions) last = &action;
        if (last == nullptr || !has_answer(*last)) return reach(made.next);
        for (const Event& answer : answers_to(*last)) feed(made.next, answer);
    }

    static std::vector<Event> events_for(const Service& service)
    {
        using What = Event::What;
        std::vector<Event> events{{.what = What::Tick, .now = at},
                                  {.what = What::Hurry, .now = at},
                                  {.what = What::KillScript, .now = at}};
        Event later{.what = What::Tick, .now = at};
        later.now.monotonic += 3s;
        events.push_back(later);
        if (!awaits_script(service)) {
            for (const auto& row : command_table) {
                events.push_back({.what = What::Told, .now = at, .command = row.command});
            }
        }
        if (service.kind == Kind::Log) events.push_back({.what = What::InputClosed, .now = at});
        if (service.pid != 0) events.push_back({.what = What::Ended, .now = at});
        if (service.script_pid != 0) {
            events.push_back({.what = What::ScriptEnded, .now = at, .handled = true});
            events.push_back({.what = What::ScriptEnded, .now = at, .handled = false});
        }
        return events;
    }

    // What a killed runsv has left, all of it alive or gone.
    void inherit(Kind kind, Want want, LockRecord::Phase phase)
    {
        LockRecord record;
        record.want = want;
        record.phase = phase;
        record.process.pid = 1;
        for (const Living living : {Living{true, true}, Living{true, false}, Living{false, false}}) {
            for (const char script : {'\0', 't', 'h'}) {
                if (kind == Kind::Log && script != 0) continue;
                record.script = script;
                record.script_process.pid = script != 0 ? 2 : 0;
                const Service service = inherited(new_service(kind, Want::Up, at), record, living);
                const bool is_unanswered = service.script != 0 && service.script_pid == 0;
                if (is_unanswered) feed(service, {.what = Event::What::ScriptEnded, .now = at});
                else feed(service, {.what = Event::What::Tick, .now = at});
            }
        }
    }

    void explore()
    {
        for (const auto kind : {Kind::Main, Kind::Log}) {
            for (const auto want : {Want::Up, Want::Down}) reach(new_service(kind, want, at));
            for (const auto want : {Want::Up, Want::Down, Want::Exit}) {
                for (const auto phase : {LockRecord::Phase::Down, LockRecord::Phase::Run})
                    inherit(kind, want, phase);
                if (kind == Kind::Log) continue;
                for (const auto phase : {LockRecord::Phase::Preparing, LockRecord::Phase::Finish})
                    inherit(kind, want, phase);
            }
        }
        while (!open.empty()) {
            const Service service = open.front();
            open.pop_front();
            check_state(service);
            for (const Event& event : events_for(service)) feed(service, event);
        }
    }

    static void check_state(const Service& service)
    {
        INFO("state " << static_cast<int>(service.state) << " want " << static_cast<int>(service.want)
                      << " script '" << service.script << "' pid " << service.pid);
        const bool wants_to_run = service.want == Want::Up || service.once;
        const bool has_process = service.pid != 0 || service.script_pid != 0;
        const bool has_deadline = deadline(service) != never;
        const bool is_at_rest = service.state == State::Down && !wants_to_run;
        REQUIRE((has_process || has_deadline || is_at_rest));
        if (has_run(service) || service.state == State::Preparing) REQUIRE(service.pid != 0);
        if (service.state == State::Down) REQUIRE(service.pid == 0);
        if (service.script != 0) REQUIRE(service.script_pid != 0);
        if (service.state != State::Run) REQUIRE_FALSE((service.paused || service.term_sent));
        if (service.kind == Kind::Log) REQUIRE_FALSE(awaits_script(service));
        if (has_deadline) check_deadline(service);
    }

    // A deadline that is over must make something happen.
    static void check_deadline(const Service& service)
    {
        Event tick;
        tick.now = at;
        tick.now.monotonic = deadline(service);
        REQUIRE(step(service, tick).actions.size() > 0);
    }
};

}  // namespace

TEST_CASE("in every reachable state there is a process, a finite deadline, or the service is not wanted")
{
    Explorer explorer;
    explorer.explore();
    INFO("states " << explorer.seen.size() << ", steps " << explorer.steps);
    CHECK(explorer.seen.size() > 200);
    CHECK(explorer.steps > 5000);
}
