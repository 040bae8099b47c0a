// ./check: whether a service that runs is of use.
#include <sys/stat.h>

#include <csignal>
#include <regex>

#include "scenario/sv_support.hpp"
#include "support/catch.hpp"
#include "support/sanitizer.hpp"

using namespace sv_support;

TEST_CASE("start is ok when ./check exits 0, run in the service directory without standard output", "[shared]")
{
    Tree tree;
    make_service(tree, "web");
    tree.script("web/check",
                "pwd > where\necho \"$#\" >> where\nls -l /proc/self/fd/1 > /dev/null && exec >&2\nexit 0\n");
    const auto runsv = supervise(tree, "web");
    const auto told = sv(tree, {"start", "web"});
    CHECK(without_numbers(told.out) == "ok: run: web: (pid N) Ts\n");
    CHECK(tree.read("web/where") == tree.path("web") + "\n0\n");
}

TEST_CASE("standard output is closed for ./check", "[shared]")
{
    Tree tree;
    make_service(tree, "web");
    tree.script("web/check", "test -e /proc/$$/fd/1 && exit 1\nexit 0\n");
    const auto runsv = supervise(tree, "web");
    CHECK(sv(tree, {"-w", "1", "start", "web"}).code == 0);
}

TEST_CASE("./check is asked again until it agrees", "[shared]")
{
    Tree tree;
    make_service(tree, "web");
    tree.script("web/check", "echo >> asked\ntest $(wc -l < asked) -ge 3\n");
    const auto runsv = supervise(tree, "web");
    CHECK(sv(tree, {"start", "web"}).code == 0);
    CHECK(tree.read("web/asked") == "\n\n\n");
}

TEST_CASE("a ./check that never agrees is a timeout, for every word that asks it", "[shared]")
{
    Tree tree;
    make_service(tree, "web");
    tree.script("web/check", "exit 1\n");
    const auto runsv = supervise(tree, "web");
    for (const char* word : {"start", "restart", "try-restart"}) {
        const auto told = sv(tree, {"-w", "2", word, "web"});
        CHECK(without_numbers(told.out).find("timeout: run: web: (pid N) Ts") == 0);
        CHECK(told.code == 1);
    }
}

TEST_CASE(
    "a timeout says that ./check has failed, how often and what it said last, and nothing else of it is seen")
{
    Tree tree;
    make_service(tree, "web");
    make_service(tree, "mute");
    tree.script("web/check", "echo '  first' >&2\nprintf 'no \\033route to host\\n\\n' >&2\nexit 1\n");
    tree.script("mute/check", "exit 4\n");
    const auto web = supervise(tree, "web");
    const auto mute = supervise(tree, "mute");
    const auto told = sv(tree, {"-w", "1", "start", "web", "mute"});
    INFO(told.out);
    const std::string begin =
        "timeout: run: (web|mute): \\(pid [0-9]+\\) [0-9]+s: \\./check failed [0-9]+ times, last ";
    CHECK(std::regex_match(told.out, std::regex(begin + "said: no \\?route to host\n" + begin + "exited 4\n")));
    CHECK(told.err.empty());
    CHECK(told.code == 2);
}

TEST_CASE("a ./check that says more than a pipe holds does not come to a stand")
{
    Tree tree;
    make_service(tree, "web");
    tree.script("web/check", "head -c 300000 /dev/zero | tr '\\0' x >&2\nexit 0\n");
    const auto runsv = supervise(tree, "web");
    const auto told = sv(tree, {"start", "web"});
    CHECK(told.code == 0);
    CHECK(told.err.empty());
}

TEST_CASE("./check is not asked by stop, nor by words that do not wait", "[shared]")
{
    Tree tree;
    make_service(tree, "web");
    tree.script("web/check", "echo >> asked\nexit 1\n");
    const auto runsv = supervise(tree, "web");
    CHECK(sv(tree, {"up", "web"}).code == 0);
    CHECK(sv(tree, {"reload", "web"}).code == 0);
    CHECK(sv(tree, {"stop", "web"}).code == 0);
    CHECK_FALSE(tree.has("web/asked"));
}

TEST_CASE("a ./check that cannot be run is a failure that is told", "[bug-32]")
{
    if (!support::hears_children()) return;
    Tree tree;
    make_service(tree, "web");
    const auto runsv = supervise(tree, "web");
    tree.file("web/check", "#!/bin/sh\n", 0644);
    auto told = sv(tree, {"start", "web"});
    CHECK(told.out == "warning: web: unable to run ./check: access denied\n");
    CHECK(told.code == 1);
    tree.file("web/check", "#!/nonexistent\n", 0755);
    told = sv(tree, {"check", "web"});
    CHECK(told.out == "warning: web: unable to run ./check: file does not exist\n");
    CHECK(told.code == 1);
    tree.remove("web/check");
    tree.directory("web/check");
    told = sv(tree, {"start", "web"});
    CHECK(told.out == "warning: web: unable to run ./check: access denied\n");
    CHECK(told.code == 1);
}

TEST_CASE("a ./check that hangs is killed with all it has started when the time is over")
{
    Tree tree;
    make_service(tree, "web");
    tree.script("web/check", "echo $$ > pid\nsleep 1000 &\necho $! > child\nwait\n");
    const auto runsv = supervise(tree, "web");
    const auto told = sv(tree, {"-w", "1", "start", "web"});
    CHECK(without_numbers(told.out) == "timeout: run: web: (pid N) Ts: ./check has not ended\n");
    for (const char* file : {"web/pid", "web/child"}) {
        const auto pid = static_cast<pid_t>(std::stol(tree.read(file)));
        CHECK(eventually([&] { return !is_alive(pid); }));
    }
}

TEST_CASE("an interrupted sv leaves no ./check behind, and ends by that signal")
{
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        Tree tree;
        make_service(tree, "web");
        tree.script("web/check", "echo $$ > pid.new\nmv pid.new pid\nsleep 1000\n");
        const auto runsv = supervise(tree, "web");
        StartSpec spec;
        spec.argv = {program("sv"), "start", "web"};
        spec.environment["SVDIR"] = tree.path();
        Process sv{spec};
        REQUIRE(eventually([&] { return tree.has("web/pid"); }));
        const auto check = static_cast<pid_t>(std::stol(tree.read("web/pid")));
        sv.signal(signal);
        CHECK(sv.wait().signal == signal);
        CHECK(eventually([&] { return !is_alive(check); }));
    }
}

TEST_CASE("a signal that sv was started to ignore stays ignored")
{
    Tree tree;
    make_service(tree, "web");
    tree.script("web/check", "test -e allowed || { echo >asked; exit 1; }\n");
    const auto runsv = supervise(tree, "web");
    StartSpec spec;
    spec.argv = {"sh", "-c", "trap '' HUP; exec \"$0\" start web", program("sv")};
    spec.environment["SVDIR"] = tree.path();
    Process sv{spec};
    REQUIRE(eventually([&] { return tree.has("web/asked"); }));
    sv.signal(SIGHUP);
    tree.file("web/allowed", "");
    CHECK(sv.wait().code == 0);
}

TEST_CASE("checks of many services run at the same time")
{
    Tree tree;
    // Each check agrees only once all of them have been started.
    std::vector<std::unique_ptr<Process>> all;
    std::vector<std::string> words{"-w", "20", "start"};
    for (const std::string name : {"a", "b", "c", "d"}) {
        make_service(tree, name);
        tree.script(name + "/check", "echo > ../asked." + name +
                                         "\nwhile ! [ -e ../asked.a -a -e ../asked.b -a -e ../asked.c -a -e "
                                         "../asked.d ]; do sleep 0.01; done\n");
        all.push_back(supervise(tree, name));
        words.push_back(name);
    }
    CHECK(sv(tree, words).code == 0);
}

TEST_CASE("an answer of ./check about a process that is gone counts for nothing")
{
    Tree tree;
    const Counterfeit web{tree, "web", running(100, 100)};
    tree.script("web/check", "echo >> asked\nwhile [ ! -e answer ]; do sleep 0.01; done\n");
    Process start{sv_spec(tree, {"-w", "20", "check", "web"})};
    REQUIRE(eventually([&] { return tree.has("web/asked"); }));
    web.publish(running(0, 101));
    tree.file("web/answer", "");
    CHECK(start.wait().out.find("ok: run: web: (pid 101)") == 0);
    CHECK(tree.read("web/asked") == "\n\n");
}
