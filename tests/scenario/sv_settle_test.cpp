// ok means that the service runs: its run has to last, or ./check to agree.
#include <sys/stat.h>

#include <algorithm>
#include <regex>

#include "posix/clock.hpp"
#include "scenario/sv_support.hpp"
#include "support/catch.hpp"
#include "support/sanitizer.hpp"

using namespace sv_support;
using namespace std::chrono_literals;
using runsuite::Want;

namespace {

using Clock = std::chrono::steady_clock;

bool matches(const std::string& text, const std::string& pattern)
{
    return std::regex_match(text, std::regex(pattern));
}

std::unique_ptr<Process> supervise_down(const Tree& tree, const std::string& name, const std::string& body)
{
    make_service(tree, name, body);
    tree.file(name + "/down", "");
    return supervise(tree, name);
}

}  // namespace

TEST_CASE("start of a service that ends at once fails as soon as that is known, and says how it ended", "[shared]")
{
    if (is_reference("sv")) return;
    for (const auto& [body, how] : {std::pair<std::string, std::string>{"exit 78\n", "exited 78"},
                                    {"exit 0\n", "exited 0"},
                                    {"kill -9 $$\n", "killed 9"}}) {
        Tree tree;
        const auto runsv = supervise_down(tree, "web", body);
        const auto begin = Clock::now();
        const auto told = sv(tree, {"-w", "20", "start", "web"});
        INFO(told.out);
        CHECK(matches(told.out,
                      "fail: web: " +
                          (is_reference("runsv") ? "ended( after [0-9]+ ms)?" : how + " after [0-9]+ ms") + "\n"));
        CHECK(told.code == 1);
        CHECK(Clock::now() - begin < 10s);
    }
}

TEST_CASE("every word that waits for a run fails with one that ends, and says how many have in a row")
{
    Tree tree;
    const auto runsv = supervise_down(tree, "web", "exit 3\n");
    CHECK(sv(tree, {"start", "web"}).code == 1);
    for (const char* word : {"start", "check", "restart", "force-restart", "try-restart"}) {
        const auto told = sv(tree, {"-w", "20", word, "web"});
        INFO(word << ": " << told.out);
        CHECK(matches(told.out, "fail: web: exited 3 after [0-9]+ ms, [0-9]+ times in a row\n"));
        CHECK(told.code == 1);
    }
    CHECK(init_script(tree, "web", {"start"}).code == 1);
}

TEST_CASE("a run that cannot be started is told in words that one can act on")
{
    if (!support::hears_children()) return;
    Tree tree;
    const auto runsv = supervise_down(tree, "web", stay);
    const std::string begin = "fail: web: unable to start \\./run: ";
    tree.file("web/run", "#!/bin/sh\nexec sleep 1000000\n", 0644);
    ::chmod(tree.path("web/run").c_str(), 0644);
    CHECK(matches(sv(tree, {"-w", "20", "start", "web"}).out, begin + "not executable: chmod \\+x .*run\n"));
    ::chmod(tree.path("web/run").c_str(), 0755);
    for (const auto& [text, words] :
         {std::pair<std::string, std::string>{"#!/bin/sh\r\nexit 0\n", ".*ends in a carriage return.*"},
          {"#!/nonexistent\n", ".*/nonexistent: file does not exist.*"},
          {"exec sleep 1000000\n", "has no #! line.*"}}) {
        tree.file("web/run", text, 0755);
        const auto told = sv(tree, {"-w", "20", "start", "web"});
        INFO(told.out);
        CHECK(matches(told.out, begin + words + "\n"));
        CHECK(told.code == 1);
    }
}

TEST_CASE("a new run is ok once it has lasted a hundred milliseconds, or for SVSETTLE")
{
    Tree tree;
    make_service(tree, "web");
    const auto runsv = supervise(tree, "web");
    for (const auto& [settle, least] :
         {std::pair<std::string, std::chrono::milliseconds>{"", 100ms}, {"0.4", 400ms}, {"0", 0ms}}) {
        const auto begin = Clock::now();
        const auto told =
            settle.empty() ? sv(tree, {"restart", "web"}) : sv(tree, {"restart", "web"}, {{"SVSETTLE", settle}});
        CHECK(without_numbers(told.out) == "ok: run: web: (pid N) Ts\n");
        CHECK(Clock::now() - begin >= least);
    }
}

TEST_CASE("a run that has lasted long enough is ok at once")
{
    Tree tree;
    const Counterfeit web{tree, "web", running(40)};
    const auto begin = Clock::now();
    CHECK(sv(tree, {"-w", "60", "check", "web"}, {{"SVSETTLE", "30"}}).code == 0);
    CHECK(Clock::now() - begin < 10s);
}

TEST_CASE("after an unasked end that is less than ten seconds old a run has to last a second")
{
    Tree tree;
    const auto runsv = supervise_down(tree, "web", "[ -e ../crash ] && { rm ../crash; exit 3; }\n" + stay);
    tree.file("crash", "");
    CHECK(sv(tree, {"start", "web"}).code == 1);
    REQUIRE(eventually([&] { return pid_in(tree.path("web")) > 0; }));
    for (const char* word : {"restart", "check"}) {
        const auto begin = Clock::now();
        CHECK(sv(tree, {"-w", "20", word, "web"}).code == 0);
        if (word == std::string("restart")) CHECK(Clock::now() - begin >= 1s);
    }
}

TEST_CASE("where the time to wait is over before that second is, a hundred milliseconds are enough")
{
    Tree tree;
    const auto runsv = supervise_down(tree, "web", "[ -e ../crash ] && { rm ../crash; exit 3; }\n" + stay);
    tree.file("crash", "");
    CHECK(sv(tree, {"start", "web"}).code == 1);
    REQUIRE(eventually([&] { return pid_in(tree.path("web")) > 0; }));
    CHECK(without_numbers(sv(tree, {"-w", "1", "restart", "web"}).out) ==
          "ok: run: web: (pid N) Ts, normally down\n");
    CHECK(sv(tree, {"-w", "0", "restart", "web"}).out.find("timeout: ") == 0);
}

TEST_CASE("a ./check that agrees counts at once, and a run that ends before it does fails")
{
    Tree tree;
    make_service(tree, "web");
    tree.script("web/check", "exit 0\n");
    const auto web = supervise(tree, "web");
    const auto begin = Clock::now();
    CHECK(sv(tree, {"-w", "60", "restart", "web"}, {{"SVSETTLE", "30"}}).code == 0);
    CHECK(Clock::now() - begin < 20s);

    const auto late = supervise_down(tree, "late", "sleep 0.5\nexit 4\n");
    tree.script("late/check", "exit 1\n");
    const auto told = sv(tree, {"-w", "60", "start", "late"});
    INFO(told.out);
    CHECK(matches(told.out, "fail: late: exited 4 after [0-9.]+ m?s\n"));
}

TEST_CASE("many services settle together")
{
    Tree tree;
    std::vector<std::unique_ptr<Process>> all;
    std::vector<std::string> words{"-w", "30", "restart"};
    for (int at = 0; at < 12; ++at) {
        const std::string name = "s" + std::to_string(at);
        make_service(tree, name, at == 5 ? "[ -e ../ready ] && exit 9\n" + stay : stay);
        all.push_back(supervise(tree, name));
        words.push_back(name);
    }
    tree.file("ready", "");
    const auto begin = Clock::now();
    const auto told = sv(tree, words, {{"SVSETTLE", "1"}});
    CHECK(Clock::now() - begin < 8s);
    INFO(told.out);
    CHECK(told.code == 1);
    CHECK(told.out.find("fail: s5: exited 9 after ") == 0);  // as soon as it is known
    CHECK(std::count(told.out.begin(), told.out.end(), '\n') == 12);
}

TEST_CASE("without supervise/deaths the status tells that a run has ended")
{
    Tree tree;
    const Counterfeit web{tree, "web", down(5, Want::Up)};
    tree.script("web/run", stay);
    Process seen{sv_spec(tree, {"-w", "20", "start", "web"}, {{"SVSETTLE", "15"}})};
    REQUIRE(eventually([&] { return web.take() == "u"; }));
    web.publish(running(0, 100));
    CHECK(always([&] { return seen.is_running(); }, 100ms));
    web.publish(down(0, Want::Up));
    CHECK(matches(seen.wait().out, "fail: web: ended after [0-9]+ ms\n"));

    web.publish(down(5, Want::Up));
    Process unseen{sv_spec(tree, {"-w", "20", "start", "web"})};
    REQUIRE(eventually([&] { return web.take() == "u"; }));
    web.publish(down(1, Want::Up));
    CHECK(unseen.wait().out == "fail: web: ended\n");
}

TEST_CASE("garbage in supervise/deaths is no end")
{
    Tree tree;
    const Counterfeit web{tree, "web", down(5, Want::Up)};
    Process start{sv_spec(tree, {"-w", "20", "start", "web"})};
    REQUIRE(eventually([&] { return web.take() == "u"; }));
    tree.file("web/supervise/deaths", std::string(5000, 'x'));
    web.publish(running(0, 100));
    CHECK(start.wait().code == 0);
}

TEST_CASE("SVSETTLE that is no number is ignored with a warning")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    const auto told = sv(tree, {"check", "web"}, {{"SVSETTLE", "soon"}});
    CHECK(told.code == 0);
    CHECK(told.err == "sv: warning: SVSETTLE is not a number of seconds: ignored\n");
}
