// The stages of a machine, in virtual time.
#include <algorithm>
#include <csignal>
#include <set>
#include <string>
#include <vector>

#include "init/stage_rule.hpp"
#include "support/catch.hpp"

using namespace runsuite;
using namespace runsuite::init;
using namespace std::chrono_literals;

namespace {

using What = Event::What;

constexpr int exited(int code)
{
    return code << 8;
}

const char* name_of(Script script)
{
    constexpr const char* names[] = {"1", "2", "3", "ctrlaltdel", "rescue"};
    return names[static_cast<int>(script)];
}

// A machine whose scripts run until they are ended here. `done` is what happened, a word each.
struct World {
    Machine machine;
    Instant now = 100s;
    Instant grace = default_grace;
    std::set<std::string> cannot_be_run;
    int forks_that_fail = 0;
    bool anyone_left = false;
    int next_pid = 10;
    std::string done;
    std::string said;

    World() { tick(); }

    void note(const std::string& word) { done += (done.empty() ? "" : " ") + word; }

    void feed(Event event)
    {
        std::vector<Event> due{event};
        while (!due.empty()) {
            Event one = due.front();
            due.erase(due.begin());
            one.now = now;
            one.grace = grace;
            one.anyone_left = anyone_left;
            const Step taken = step(machine, one);
            machine = taken.next;
            const auto starts =
                std::count_if(taken.actions.begin(), taken.actions.end(),
                              [](const Action& action) { return action.what == Action::What::Start; });
            REQUIRE(starts <= 1);  // the loop keeps one answer
            for (const Action& action : taken.actions) carry_out(action, due);
        }
    }
    void carry_out(const Action& action, std::vector<Event>& due)
    {
        switch (action.what) {
            case Action::What::Start: return start(action.script, due);
            case Action::What::Say: said += std::string(action.text) + name_of(action.script) + "\n"; break;
            case Action::What::SayPlain: said += std::string(action.text) + "\n"; break;
            case Action::What::SayEnd: said += std::string("ended: ") + name_of(action.script) + "\n"; break;
            case Action::What::Terminate: note("TERM:" + std::to_string(action.pid)); break;
            case Action::What::Kill: note("KILL:" + std::to_string(action.pid)); break;
            case Action::What::KillGroup: note("KILL:-" + std::to_string(action.pid)); break;
            case Action::What::KillAll: note("KILL:all"); break;
            case Action::What::Remind: note("CONT"); break;
        }
    }
    void start(Script script, std::vector<Event>& due)
    {
        if (forks_that_fail > 0) {
            --forks_that_fail;
            note(std::string("nofork:") + name_of(script));
            return due.push_back({.what = What::NotStarted, .script = script});
        }
        if (cannot_be_run.count(name_of(script)) != 0) {
            note(std::string("cannot:") + name_of(script));
            return due.push_back({.what = What::NotRun, .script = script});
        }
        note(std::string("run:") + name_of(script));
        due.push_back({.what = What::Started, .script = script, .pid = next_pid++});
    }

    void tick() { feed({}); }
    void pass(Instant time)
    {
        now += time;
        tick();
    }
    void end(int wait_status = 0)
    {
        if (machine.pid != 0) feed({.what = What::Ended, .pid = machine.pid, .wait_status = wait_status});
    }
    void tell() { feed({.what = What::Told}); }
    void press() { feed({.what = What::CtrlAltDel}); }
    bool was_said(const std::string& text) const { return said.find(text) != std::string::npos; }
    // From now on only what is new counts.
    World& forget()
    {
        done.clear();
        said.clear();
        return *this;
    }
};

World in_stage_2()
{
    World world;
    world.end();
    world.forget();
    return world;
}

}  // namespace

TEST_CASE("a machine boots into stage 2 and stays there")
{
    World world;
    world.end();
    CHECK(world.done == "run:1 run:2");
    CHECK(world.said == "leave stage: 1\n");
    CHECK(deadline(world.machine) == never);
}

TEST_CASE("stage 1 that fails is no reason to skip stage 2, unless it exits 100 or crashes")
{
    for (const int status : {exited(1), exited(99), exited(111)}) {
        World world;
        world.end(status);
        CHECK(world.done == "run:1 run:2");
        CHECK(world.was_said("ended: 1\n"));
    }
    for (const int status : {exited(100), int{SIGSEGV}, int{SIGKILL}}) {
        World world;
        world.end(status);
        CHECK(world.done == "run:1 run:3");
        CHECK(world.was_said("skipping stage 2"));
        CHECK(world.machine.failed);
    }
}

TEST_CASE("stage 2 that ends leads to stage 3, and that to the end of everything")
{
    World world = in_stage_2();
    world.end();
    CHECK(world.done == "run:3");
    world.anyone_left = true;
    world.end();
    CHECK(world.done == "run:3 KILL:all");
    CHECK(world.machine.state == State::Ending);
    world.anyone_left = false;
    world.tick();
    CHECK(world.machine.state == State::Over);
    CHECK_FALSE(world.machine.failed);
}

TEST_CASE("a process that not even KILL ends does not keep the machine up")
{
    World world = in_stage_2();
    world.end();
    world.anyone_left = true;
    world.end();
    world.pass(longest_death - 1ms);
    CHECK(world.machine.state == State::Ending);
    world.pass(1ms);
    CHECK(world.machine.state == State::Over);
}

TEST_CASE("stage 2 that crashes or exits 111 is started again when its processes are gone")
{
    for (const int status : {exited(111), int{SIGSEGV}, int{SIGKILL}}) {
        World world = in_stage_2();
        world.pass(10s);
        world.anyone_left = true;
        world.end(status);
        CHECK(world.done == "KILL:-11");
        world.pass(10ms);
        CHECK(world.done == "KILL:-11");
        world.anyone_left = false;
        world.tick();
        CHECK(world.done == "KILL:-11 run:2");
        CHECK(world.was_said("restarting."));
    }
}

TEST_CASE("what stage 2 has left holds up its restart for as long as a KILL may take, whatever the grace is")
{
    for (const Instant grace : {Instant{0s}, Instant{300s}}) {
        World world = in_stage_2();
        world.grace = grace;
        world.pass(10s);
        world.anyone_left = true;
        world.end(exited(111));
        world.pass(longest_death - 1ms);
        CHECK(world.done == "KILL:-11");
        CHECK(deadline(world.machine) == world.now + 1ms);
        world.pass(1ms);
        CHECK(world.done == "KILL:-11 run:2");
    }
}

TEST_CASE("stage 2 that crashes at once is started once a second")
{
    World world = in_stage_2();
    world.pass(300ms);
    world.end(SIGSEGV);
    world.tick();
    CHECK(world.done == "KILL:-11");
    CHECK(deadline(world.machine) == world.now + 700ms);
    world.pass(699ms);
    CHECK(world.done == "KILL:-11");
    world.pass(1ms);
    CHECK(world.done == "KILL:-11 run:2");
}

TEST_CASE("stage 2 that exits with another code ends the machine, which has failed then")
{
    World world = in_stage_2();
    world.end(exited(3));
    CHECK(world.done == "run:3");
    CHECK(world.machine.failed);
}

TEST_CASE("a machine that is told to stop gives stage 2 its grace, then kills it")
{
    World world = in_stage_2();
    world.grace = 12s;
    world.tell();
    CHECK(world.done == "TERM:11");
    CHECK(deadline(world.machine) == world.now + 12s);
    world.pass(12s - 1ms);
    CHECK(world.done == "TERM:11");
    world.pass(1ms);
    CHECK(world.done == "TERM:11 KILL:11");
    CHECK(world.was_said("stage 2 not terminated, sending sigkill..."));
    world.end(SIGKILL);
    CHECK(world.done == "TERM:11 KILL:11 run:3");
    CHECK_FALSE(world.machine.failed);
}

TEST_CASE("stage 3 starts in the moment in which stage 2 has ended")
{
    World world = in_stage_2();
    world.tell();
    world.end(exited(7));
    CHECK(world.done == "TERM:11 run:3");
    CHECK_FALSE(world.machine.failed);
}

TEST_CASE("a stage 2 that not even KILL ends is left behind")
{
    World world = in_stage_2();
    world.grace = 300s;
    world.tell();
    world.pass(world.grace);
    world.pass(longest_death - 1ms);
    CHECK(world.done == "TERM:11 KILL:11");
    world.pass(1ms);
    CHECK(world.done == "TERM:11 KILL:11 run:3");
}

TEST_CASE("a grace of nothing kills at once")
{
    World world = in_stage_2();
    world.grace = 0s;
    world.tell();
    world.tick();
    CHECK(world.done == "TERM:11 KILL:11");
}

TEST_CASE("stages 1 and 3 take no request, and say so")
{
    World world;
    world.forget();
    world.tell();
    world.press();
    CHECK(world.done.empty());
    CHECK(world.said == "warning: signals only work in stage 2.\nwarning: signals only work in stage 2.\n");
    world.end();
    world.end();
    world.forget();
    world.tell();
    world.press();
    CHECK(world.done.empty());
    CHECK(world.was_said("signals only work in stage 2."));
}

TEST_CASE("ctrl-alt-del runs its script beside stage 2, and looks then whether the machine is to stop")
{
    World world = in_stage_2();
    world.press();
    CHECK(world.done == "run:ctrlaltdel");
    CHECK(world.machine.state == State::Two);
    world.press();
    CHECK(world.done == "run:ctrlaltdel");
    world.feed({.what = What::Ended, .pid = world.machine.ctrlaltdel_pid});
    CHECK(world.done == "run:ctrlaltdel CONT");
    CHECK(world.was_said("leave stage: ctrlaltdel\n"));
    world.press();
    CHECK(world.done == "run:ctrlaltdel CONT run:ctrlaltdel");
}

TEST_CASE("a request is obeyed while the ctrl-alt-del script runs, and its end does no harm after that")
{
    World world = in_stage_2();
    world.press();
    world.tell();
    world.end();
    world.feed({.what = What::Ended, .pid = world.machine.ctrlaltdel_pid});
    CHECK(world.done == "run:ctrlaltdel TERM:11 run:3");
}

TEST_CASE("a ctrl-alt-del script that cannot be run changes nothing")
{
    World world = in_stage_2();
    world.cannot_be_run = {"ctrlaltdel"};
    const Machine before = world.machine;
    world.press();
    CHECK(world.machine == before);
    world.forks_that_fail = 1;
    world.press();
    CHECK(world.machine == before);
}

TEST_CASE("a stage 1 that cannot be run is left out")
{
    World world;
    world.machine = {};
    world.cannot_be_run = {"1"};
    world.forget().tick();
    CHECK(world.done == "cannot:1 run:2");
    CHECK_FALSE(world.machine.failed);
}

TEST_CASE("for a stage 2 that cannot be run there is a rescue shell, and then it is tried again")
{
    World world;
    world.cannot_be_run = {"2"};
    world.end();
    CHECK(world.done == "run:1 cannot:2 run:rescue");
    world.cannot_be_run.clear();
    world.end();
    CHECK(world.done == "run:1 cannot:2 run:rescue run:2");
    CHECK_FALSE(world.machine.rescued);
}

TEST_CASE("after a rescue shell that did not help comes stage 3")
{
    World world;
    world.cannot_be_run = {"2"};
    world.end();
    world.end(exited(1));
    CHECK(world.done == "run:1 cannot:2 run:rescue cannot:2 run:3");
    CHECK(world.machine.failed);
}

TEST_CASE("without a rescue shell, and without stages, the machine ends in order")
{
    World world;
    world.machine = {};
    world.cannot_be_run = {"1", "2", "3", "rescue"};
    world.forget().tick();
    CHECK(world.done == "cannot:1 cannot:2 cannot:rescue cannot:3 KILL:all");
    world.tick();
    CHECK(world.machine.state == State::Over);
}

TEST_CASE("the rescue shell can be told to stop like stage 2")
{
    World world;
    world.cannot_be_run = {"2"};
    world.end();
    world.forget().tell();
    CHECK(world.done == "TERM:11");
    world.pass(default_grace);
    world.end(SIGKILL);
    CHECK(world.done == "TERM:11 KILL:11 run:3");
}

TEST_CASE("where no process can be made, it is tried again every second, in every stage")
{
    World world;
    world.machine = {};
    world.forks_that_fail = 2;
    world.forget().tick();
    CHECK(world.done == "nofork:1");
    CHECK(deadline(world.machine) == world.now + 1s);
    world.pass(1s - 1ms);
    CHECK(world.done == "nofork:1");
    world.pass(1ms);
    CHECK(world.done == "nofork:1 nofork:1");
    world.pass(1s);
    CHECK(world.done == "nofork:1 nofork:1 run:1");
    for (const char* const stage : {"2", "3"}) {
        world.forget().forks_that_fail = 1;
        world.end();
        world.pass(1s);
        CHECK(world.done == std::string("nofork:") + stage + " run:" + stage);
    }
}

TEST_CASE("a machine that waits to start stage 2 can be told to stop")
{
    World world;
    world.forks_that_fail = 1;
    world.end();
    world.forget().tell();
    CHECK(world.done == "run:3");

    World crashed = in_stage_2();
    crashed.anyone_left = true;
    crashed.end(SIGKILL);
    crashed.forget().tell();
    CHECK(crashed.done == "run:3");
}

namespace {

// All that can happen to it; false when there is no such thing.
bool happen(World& world, int way)
{
    world.forget().anyone_left = way % 2 == 0;
    switch (way) {
        case 0:
        case 1: world.pass(1s); return true;
        case 2:
        case 3: world.pass(10s); return true;
        case 4: world.tell(); return true;
        case 5: world.press(); return true;
        case 6: world.end(); return true;
        case 7: world.end(exited(111)); return true;
        case 8: world.end(SIGSEGV); return true;
        case 9:
            world.forks_that_fail = 1;
            world.end(exited(100));
            return true;
        case 10:
            world.now += 2s;  // late: what is due by then has not been done
            world.press();
            return true;
        default: return false;
    }
}

std::size_t most_actions(const World& world)
{
    std::size_t most = 0;
    for (int event = 0; event <= static_cast<int>(What::CtrlAltDel); ++event) {
        const Event any{.what = static_cast<What>(event), .now = world.now, .pid = world.machine.pid};
        most = std::max(most, step(world.machine, any).actions.size());
    }
    return most;
}

// Something runs that is waited for, or a moment is set at which it goes on, or it is over.
bool goes_on(const Machine& machine)
{
    return machine.pid != 0 || deadline(machine) != never || machine.state == State::Over;
}

}  // namespace

// Every state that can be reached with every event.
TEST_CASE("a machine never comes to a halt, and no step asks for more than there is room for")
{
    std::vector<World> reached;
    const std::vector<std::set<std::string>> obstacles{
        {}, {"2"}, {"3"}, {"2", "rescue"}, {"1", "2", "3", "rescue"}};
    for (const auto& obstacle : obstacles) {
        World world;
        world.machine = {};
        world.cannot_be_run = obstacle;
        world.tick();
        reached.push_back(world);
    }
    std::size_t most = 0;
    std::set<State> states;
    for (std::size_t at = 0; at < reached.size() && reached.size() < 4000; ++at) {
        for (int way = 0;; ++way) {
            World world = reached[at];
            if (!happen(world, way)) break;
            most = std::max(most, most_actions(world));
            states.insert(world.machine.state);
            INFO("state " << static_cast<int>(world.machine.state) << " after " << world.done);
            REQUIRE(goes_on(world.machine));
            if (world.machine.state != State::Over && world.machine != reached[at].machine)
                reached.push_back(world);
        }
    }
    CHECK(states.size() == static_cast<std::size_t>(State::Over) + 1);
    CHECK(most >= 3);
    CHECK(most <= 8);
}
