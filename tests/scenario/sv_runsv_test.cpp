// sv and the life of runsv: it is still to come, it takes a command, it ends and another takes its place.
#include <csignal>
#include <filesystem>

#include "scenario/sv_support.hpp"
#include "support/catch.hpp"

using namespace sv_support;
using namespace std::chrono_literals;
using runsuite::ServiceState;
using runsuite::Want;

namespace {

runsuite::StatusRecord finishing(unsigned pid)
{
    auto record = running(10, pid);
    record.state = ServiceState::Finish;
    record.want = Want::Down;
    return record;
}

}  // namespace

TEST_CASE("a service that has just come into the services directory is waited for until its runsv is there")
{
    for (const bool was_there_before : {false, true}) {
        Tree tree;
        make_service(tree, ".all/web");
        if (was_there_before) Counterfeit{tree, ".all/web", down()}.end();
        std::filesystem::create_directory_symlink(".all/web", tree.path("web"));
        Process start{sv_spec(tree, {"-w", "20", "start", "web"})};
        Process once{sv_spec(tree, {"up", "web"})};
        CHECK(always([&] { return start.is_running() && once.is_running(); }, 200ms));
        const auto runsv = supervise(tree, "web");
        CHECK(without_numbers(start.wait().out) == "ok: run: web: (pid N) Ts\n");
        CHECK(once.wait().code == 0);
    }
}

TEST_CASE("a runsv that does not come in time is told as one that is missing, and exit does not wait for it")
{
    Tree tree;
    tree.directory("new");
    CHECK(sv(tree, {"-w", "0", "start", "new"}).out ==
          "warning: new: unable to open supervise/ok: file does not exist\n");
    Counterfeit{tree, "dead", running()}.end();
    CHECK(sv(tree, {"-w", "0", "stop", "dead"}).out == "fail: dead: runsv not running\n");
    CHECK(sv(tree, {"-w", "60", "exit", "dead"}).out == "ok: dead: runsv not running\n");
    CHECK(sv(tree, {"-w", "60", "start", "missing"}).out ==
          "fail: missing: unable to change to service directory: file does not exist\n");
}

TEST_CASE("a word that sends returns when runsv has taken it, so that the next status shows the new state")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    // For a second at most: runsv may be waiting for a control script.
    for (int attempt = 0; attempt < 20; ++attempt) {
        Process down{sv_spec(tree, {"down", "web"})};
        REQUIRE(eventually([&] { return web.unread() > 0; }));
        const bool has_waited = always([&] { return down.is_running(); }, 100ms);
        CHECK(web.take() == "d");
        CHECK(down.wait().code == 0);
        if (has_waited) return;
    }
    FAIL("it has not waited");
}

TEST_CASE("down and once are seen in the status that is asked for right after them")
{
    Tree tree;
    make_service(tree, "web");
    const auto runsv = supervise(tree, "web");
    for (int round = 0; round < 40; ++round) {
        CHECK(sv(tree, {"down", "web"}).code == 0);
        const auto stopped = sv(tree, {"status", "web"}).out;
        INFO(stopped);
        CHECK((stopped.find("down: web: ") == 0 || stopped.find(", want down") != std::string::npos));
        CHECK(sv(tree, {"stop", "web"}).code == 0);
        CHECK(sv(tree, {"once", "web"}).code == 0);
        CHECK(without_numbers(sv(tree, {"status", "web"}).out) == "run: web: (pid N) Ts, want down\n");
    }
}

TEST_CASE("exit is ok when runsv has ended, though another one is there before sv looks")
{
    Tree tree;
    make_service(tree, "web",
                 "trap 'while [ ! -e ../go ]; do sleep 0.01; done; exit' TERM\necho >../ready\nwhile :; do sleep "
                 "0.01; done\n");
    auto first = supervise(tree, "web");
    REQUIRE(eventually([&] { return tree.has("ready"); }));
    Process exit{sv_spec(tree, {"-w", "30", "exit", "web"})};
    REQUIRE(eventually([&] { return sv(tree, {"status", "web"}).out.find("got TERM") != std::string::npos; }));
    CHECK(always([&] { return exit.is_running(); }, 50ms));
    exit.signal(SIGSTOP);
    tree.file("go", "");
    first->wait();
    const auto second = supervise(tree, "web");
    exit.signal(SIGCONT);
    CHECK(exit.wait().out == "ok: web: runsv not running\n");
}

TEST_CASE("force-stop says kill once the KILL has ended a finish that hangs, and timeout when it has not")
{
    Tree tree;
    const Counterfeit web{tree, "web", finishing(100)};
    for (const bool ends : {true, false}) {
        web.publish(finishing(100));
        Process stop{sv_spec(tree, {"-w", "0", "force-stop", "web"})};
        std::string taken;
        REQUIRE(eventually([&] { return (taken += web.take()) == "dk"; }));
        if (ends) web.publish(down(0));
        const auto told = stop.wait();
        CHECK(without_numbers(told.out) ==
              std::string(ends ? "kill" : "timeout") + ": finish: web: (pid N) Ts, want down\n");
        CHECK(told.code == 1);
    }
}

TEST_CASE("force-stop says timeout when runsv does not take the kill, as while a control script hangs")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    const auto told = sv(tree, {"-w", "0", "force-stop", "web"});
    CHECK(without_numbers(told.out) == "timeout: run: web: (pid N) Ts\n");
    CHECK(told.code == 1);
    CHECK(web.take() == "dk");
}
