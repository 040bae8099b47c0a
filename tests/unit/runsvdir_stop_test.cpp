// The stop of a whole container, in virtual time.
#include <algorithm>
#include <string>
#include <vector>

#include "runsvdir/stop_rule.hpp"
#include "support/catch.hpp"

using namespace runsuite;
using namespace runsuite::runsvdir;
using namespace std::chrono_literals;

namespace {

constexpr Instant start = 100s;

// A service, or a process that nobody supervises: how long it takes to end after each kind of push; never: it does not.
struct Body {
    Instant after_term = 0s;
    Instant after_kill = 0s;  // of the service; its log may still be there
    Instant after_group_kill = 0s;
    bool is_told = false;
    Instant told_at = never;
    Instant ends_at = never;
    bool killed = false;

    void push(Instant now, Instant takes)
    {
        if (takes != never) ends_at = std::min(ends_at, now + takes);
    }
};

struct World {
    Stop stop;
    std::vector<Body> services;
    std::vector<Body> others;
    Instant now = start;
    Instant hurry_at = never;
    std::string told;  // what was due, a letter each
    std::size_t steps = 0;
    std::vector<Instant> looks;  // for what services have left behind

    World(std::vector<Body> bodies, Instant budget, bool is_ordered)
        : stop(begin_stop(start, budget, is_ordered)), services(std::move(bodies))
    {
    }

    Left left() const
    {
        Left left;
        for (const Body& body : services) {
            if (body.ends_at <= now) continue;
            ++(body.is_told ? left.told : left.untold);
        }
        for (const Body& body : others) left.others = left.others || body.ends_at > now;
        return left;
    }

    void tell(Body& body)
    {
        body.is_told = true;
        body.told_at = now;
        body.push(now, body.after_term);
    }

    void tell_next()
    {
        for (auto body = services.rbegin(); body != services.rend(); ++body) {
            if (body->is_told || body->ends_at <= now) continue;
            tell(*body);
            if (stop.is_ordered) return;
        }
    }

    void carry_out(StopDue due)
    {
        if (due == StopDue::EndRemains) return looks.push_back(now - start);
        told += "-nwesgrkl"[static_cast<int>(due)];
        if (due == StopDue::TellNext) tell_next();
        for (Body& body : services) {
            if (due == StopDue::KillServices && body.ends_at > now) {
                body.killed = true;
                body.push(now, body.after_kill);
            }
            if (due == StopDue::KillGroups || due == StopDue::KillRest) body.push(now, body.after_group_kill);
        }
        for (Body& body : others) {
            if (due == StopDue::TellRest) body.push(now, body.after_term);
            if (due == StopDue::KillRest) body.push(now, body.after_kill);
        }
    }

    Instant next_moment() const
    {
        Instant next = deadline(stop);
        for (const auto* list : {&services, &others}) {
            for (const Body& body : *list) {
                if (body.ends_at > now) next = std::min(next, body.ends_at);
            }
        }
        if (hurry_at > now) next = std::min(next, hurry_at);
        return next;
    }

    void run()
    {
        while (stop.phase != Phase::Over) {
            REQUIRE(++steps < 2000);
            if (now >= hurry_at) stop.is_hurried = true;
            const StopStep taken = step(stop, left(), now);
            stop = taken.next;
            if (taken.due != StopDue::Nothing) {
                carry_out(taken.due);
                continue;
            }
            const Instant next = next_moment();
            REQUIRE(next != never);
            REQUIRE(next > now);  // or it would turn and turn
            now = next;
        }
    }
    Instant took() const { return now - start; }
};

Body willing(Instant takes)
{
    Body body;
    body.after_term = takes;
    return body;
}

const Body unwilling = willing(never);

Body with_stuck_log()
{
    Body body = unwilling;
    body.after_kill = never;
    return body;
}

Body immortal()
{
    Body body = with_stuck_log();
    body.after_group_kill = never;
    return body;
}

}  // namespace

TEST_CASE("services that end at once are stopped at once, and nobody is killed")
{
    World world({willing(1ms), willing(2ms), willing(1ms)}, 8s, false);
    world.run();
    CHECK(world.took() == 2ms);
    CHECK(world.told == "nrl");
}

TEST_CASE("a service has seven of eight seconds for its TERM handler, and the wait is told after 1, 2 and 4")
{
    World patient({willing(6999ms)}, 8s, false);
    patient.run();
    CHECK_FALSE(patient.services[0].killed);
    CHECK(patient.told == "nwwwrl");
    World late({willing(7001ms)}, 8s, false);
    late.run();
    CHECK(late.services[0].killed);
    CHECK(late.told == "nwwwsrl");
    CHECK(late.took() == 7s);
}

TEST_CASE("a log that does not end is killed after its service, with its group")
{
    World world({with_stuck_log(), willing(1ms)}, 8s, false);
    world.run();
    CHECK(world.told == "nwwwsgrl");
    CHECK(world.took() > 7s);
    CHECK(world.took() < 8s);
}

TEST_CASE("what services leave behind is looked for ten times a second, until they are gone or killed in groups")
{
    World quick({willing(99ms)}, 8s, false);
    quick.run();
    CHECK(quick.looks.empty());
    World slow({willing(350ms)}, 8s, false);
    slow.run();
    CHECK(slow.looks == std::vector<Instant>{100ms, 200ms, 300ms});
    World stuck({with_stuck_log()}, 8s, false);
    stuck.run();
    REQUIRE(stuck.looks.size() > 70);
    CHECK(stuck.looks.back() == 7300ms);  // in the time of the logs, which is over at 7.4 s
}

TEST_CASE("processes that nobody supervises get a TERM when the services are gone, and a KILL at the end")
{
    World world({willing(10ms)}, 8s, false);
    world.others = {willing(20ms)};
    world.run();
    CHECK(world.told == "nrl");
    CHECK(world.took() == 30ms);
    World stubborn({willing(10ms)}, 8s, false);
    stubborn.others = {unwilling};
    stubborn.run();
    CHECK(stubborn.told == "nrkl");
    CHECK(stubborn.took() < 8s);
}

TEST_CASE("in order they are told in reverse, one after the other")
{
    World world({willing(1s), willing(2s), willing(500ms)}, 8s, true);
    world.run();
    CHECK(world.services[2].told_at == start);
    CHECK(world.services[1].told_at == start + 500ms);
    CHECK(world.services[0].told_at == start + 2500ms);
    CHECK(world.took() == 3500ms);
}

TEST_CASE("in order one that hangs leaves the next one half of the time")
{
    World world({willing(1s), unwilling}, 8s, true);
    world.run();
    CHECK(world.services[0].told_at == start + 3500ms);
    CHECK_FALSE(world.services[0].killed);
    CHECK(world.services[1].killed);
    CHECK(world.took() == 7s);
}

TEST_CASE("a hurried stop kills at once, in every phase")
{
    for (const Instant after : {0ms, 1ms, 500ms, 6999ms, 7100ms}) {
        World world({unwilling, with_stuck_log(), willing(3s)}, 8s, false);
        world.others = {unwilling};
        world.hurry_at = start + after;
        world.run();
        CHECK(world.took() <= after + 1s);
        CHECK(world.services[0].killed);
    }
}

TEST_CASE("with nothing to stop it is over at once")
{
    World world({}, 8s, true);
    world.run();
    CHECK(world.took() == 0ms);
    CHECK(world.told == "rl");
}

TEST_CASE("whoever is there and whatever they do, the budget is kept and everyone was told before being killed")
{
    const std::vector<Body> kinds{willing(0ms), willing(900ms),   willing(5s),
                                  unwilling,    with_stuck_log(), immortal()};
    for (const Instant budget : {Instant(0s), Instant(1s), Instant(8s), Instant(27s)}) {
        for (const bool is_ordered : {false, true}) {
            for (std::size_t choice = 0; choice < kinds.size() * kinds.size() * kinds.size() * 2; ++choice) {
                const auto count = kinds.size();
                World world(
                    {kinds[choice % count], kinds[choice / count % count], kinds[choice / count / count % count]},
                    budget, is_ordered);
                if (choice >= count * count * count) world.others = {immortal()};
                world.run();
                REQUIRE(world.took() <= budget);
                for (const Body& body : world.services) REQUIRE((budget == 0s || body.is_told));
            }
        }
    }
}
