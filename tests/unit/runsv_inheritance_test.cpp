// What a runsv makes of the record of the one before it: the second table of runsv/inheritance.hpp, row by row.
#include "runsv/inheritance.hpp"
#include "runsv_world.hpp"
#include "support/catch.hpp"

using namespace world;
using namespace std::chrono_literals;
using Phase = LockRecord::Phase;

namespace {

constexpr Now at{1000s, 1700000000s};

Service fresh(Want want = Want::Up, Kind kind = Kind::Main)
{
    return new_service(kind, want, at);
}

LockRecord record_of_run(Want want = Want::Up)
{
    LockRecord record;
    record.phase = Phase::Run;
    record.want = want;
    record.process = {.alive_at = 5, .pid = 42};
    record.set_since({(1ULL << 62) + 77, 5});
    return record;
}

World world_with(const Service& service)
{
    World world(service.kind);
    world.service = service;
    return world;
}

}  // namespace

TEST_CASE("a record is of this place when boot, namespace, life and directory are the same")
{
    Place place{{{'b'}, 1, 2}, 3, 4};
    LockRecord record;
    record.space = place.space;
    record.device = 3;
    record.inode = 4;
    CHECK(is_from(place, record));
    const auto is_from_after = [&](auto change) {
        LockRecord other = record;
        change(other);
        return is_from(place, other);
    };
    CHECK_FALSE(is_from_after([](LockRecord& other) { other.space.boot[0] = 'c'; }));
    CHECK_FALSE(is_from_after([](LockRecord& other) { other.space.pid_namespace = 9; }));
    CHECK_FALSE(is_from_after([](LockRecord& other) { other.space.first_process = 9; }));
    CHECK_FALSE(is_from_after([](LockRecord& other) { other.device = 9; }));
    CHECK_FALSE(is_from_after([](LockRecord& other) { other.inode = 9; }));
    place.space.boot = record.space.boot = {};
    CHECK_FALSE(is_from(place, record));
}

TEST_CASE("a ./run that lives is taken over with what was said to it, and is followed by a child of ours")
{
    LockRecord record = record_of_run();
    record.paused = record.term_sent = true;
    World world = world_with(inherited(fresh(), record, {.process = true}));
    CHECK(world.service.paused);
    CHECK(world.service.term_sent);
    CHECK(record_of(world.service).pid == 42);
    CHECK(record_of(world.service).since == record.since());
    world.tell('c');
    CHECK(world.done() == "cont");
    world.tick();
    CHECK(world.done().empty());
    world.tell('t');
    CHECK(world.done() == "term");
    world.end(unknown_wait_status);
    CHECK(world.done() == "run");
}

TEST_CASE("a ./run that is gone ended unseen: finish is run, then it is started again if it is wanted")
{
    World up = world_with(inherited(fresh(), record_of_run(), {}));
    up.has_finish = true;
    up.tick();
    CHECK(up.done() == "finish");
    CHECK(finish_arguments(up.service.wait_status).code == -1);
    up.end();
    CHECK(up.done() == "run");

    World down = world_with(inherited(fresh(), record_of_run(Want::Down), {}));
    down.tick();
    CHECK(down.done().empty());
    CHECK(down.service.state == State::Down);
}

TEST_CASE("what was wanted holds, whatever the down file says")
{
    CHECK(inherited(fresh(Want::Up), record_of_run(Want::Down), {}).want == Want::Down);
    CHECK(inherited(fresh(Want::Down), record_of_run(Want::Up), {}).want == Want::Up);
    LockRecord once = record_of_run(Want::Down);
    once.phase = Phase::Down;
    once.once = true;
    CHECK_FALSE(inherited(fresh(),
                          [&] {
                              LockRecord started = once;
                              started.phase = Phase::Run;
                              return started;
                          }(),
                          {.process = true})
                    .once);
    World world = world_with(inherited(fresh(), once, {}));
    world.tick();
    CHECK(world.done() == "run");
    world.end();
    world.pass(2s);
    world.tick();
    CHECK(world.done().empty());
}

TEST_CASE("an order to exit was the dead one's: the service is that of a new runsv")
{
    LockRecord record = record_of_run(Want::Exit);
    record.term_sent = true;
    World world = world_with(inherited(fresh(), record, {.process = true}));
    world.end(unknown_wait_status);
    CHECK(world.done() == "run");
    CHECK(inherited(fresh(Want::Down), record, {.process = true}).want == Want::Down);
}

TEST_CASE("a control/u that lives is awaited, one that is gone is run again")
{
    LockRecord record = record_of_run();
    record.phase = Phase::Preparing;
    World lives = world_with(inherited(fresh(), record, {.process = true}));
    lives.tick();
    CHECK(lives.done().empty());
    lives.end();
    CHECK(lives.done() == "run");

    World gone = world_with(inherited(fresh(), record, {}));
    gone.scripts = "u";
    gone.tick();
    CHECK(gone.done() == "control/u");
}

TEST_CASE("a finish that lives is awaited, one that was not started is, and one that is gone is done")
{
    LockRecord record = record_of_run();
    record.phase = Phase::Finish;
    World lives = world_with(inherited(fresh(), record, {.process = true}));
    CHECK(record_of(lives.service).state == ServiceState::Finish);
    lives.tick();
    CHECK(lives.done().empty());
    lives.end();
    CHECK(lives.done() == "run");

    World gone = world_with(inherited(fresh(), record, {}));
    gone.has_finish = true;
    gone.tick();
    CHECK(gone.done() == "run");

    record.process = {};
    World not_started = world_with(inherited(fresh(), record, {}));
    not_started.has_finish = true;
    not_started.tick();
    CHECK(not_started.done() == "finish");
}

TEST_CASE("a control script that lives is awaited; for one that is gone the signal is sent")
{
    LockRecord record = record_of_run(Want::Down);
    record.script = 't';
    record.told_to_end = true;
    record.script_process = {.alive_at = 5, .pid = 43};
    World lives = world_with(inherited(fresh(), record, {true, true}));
    CHECK(awaits_script(lives.service));
    lives.script_ends(true);
    CHECK(lives.done() == "cont");

    World gone = world_with(inherited(fresh(), record, {true, false}));
    REQUIRE(gone.service.script_pid == 0);
    gone.script_ends(false);
    CHECK(gone.done() == "term cont");
}

TEST_CASE("a log that is gone is started, without a finish")
{
    World world = world_with(inherited(fresh(Want::Up, Kind::Log), record_of_run(), {}));
    world.tick();
    CHECK(world.done() == "run");
}
