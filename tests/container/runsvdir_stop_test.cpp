// How runsvdir stops a whole container.
#include <functional>

#include "container/first_process.hpp"

using namespace container;

namespace {

const std::string ignores_term = "trap '' TERM\necho stubborn >>../../started\nwhile :; do sleep 0.01; done\n";

// Takes part of a second for its end.
const char* const left_behind =
    "sh -c \"trap 'echo told; sleep 0.3; echo ended; exit' TERM; echo child >>started; "
    "while :; do sleep 0.01; done\" &\n";

const std::vector<std::string> with_proc{"unshare", "-pf", "--mount-proc"};
const std::vector<std::string> without_proc{
    "unshare", "-pfm", "sh", "-c", "mount -t tmpfs -o ro none /proc && exec \"$@\"", "sh"};

std::chrono::milliseconds time_of(const std::function<void()>& what)
{
    const auto start = std::chrono::steady_clock::now();
    what();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
}

}  // namespace

TEST_CASE("TERM and INT let every service come to its end, and exit 0")
{
    if (!can_have_namespaces()) return;
    for (const int signal : {SIGTERM, SIGINT}) {
        FirstProcess one;
        one.add("slow", writes_when_told("slow", "0.3"));
        one.add("fast", writes_when_told("fast"));
        one.tree.script("service/slow/finish", "echo finish >>../../told\n");
        one.launch();
        one.wait_until_started("slow");
        one.wait_until_started("fast");
        CHECK(one.stop(signal).code == 0);
        CHECK(one.tree.read("told") == "fast\nslow\nfinish\n");
        CHECK(one.err().empty());
    }
}

TEST_CASE("HUP does the same and exits 111")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("web", writes_when_told("web"));
    one.launch();
    one.wait_until_started("web");
    CHECK(one.stop(SIGHUP).code == 111);
    CHECK(one.tree.read("told") == "web\n");
}

TEST_CASE("a service that ignores TERM is killed within the budget, and named")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("web", ignores_term);
    one.launch({"-g", "2"});
    one.wait_until_started("stubborn");
    const auto took = time_of([&] { CHECK(one.stop().code == 0); });
    CHECK(took > 1000ms);
    CHECK(took < 2500ms);
    CHECK(contains(one.err(), ": waiting for the end of web\n"));
    CHECK(contains(one.err(), ": warning: web did not stop within 2 s: killed\n"));
}

TEST_CASE("a log service that does not end is killed last, and named")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("web");
    one.tree.script("service/web/log/run",
                    "trap '' TERM\necho log >>../../../started\nwhile :; do sleep 0.01; done\n");
    one.launch({"-g", "1"});
    one.wait_until_started("log");
    const auto took = time_of([&] { CHECK(one.stop().code == 0); });
    CHECK(took < 1500ms);
    CHECK(contains(one.err(), ": warning: web/log did not stop within 1 s: killed\n"));
}

TEST_CASE("a second TERM hurries")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("web", ignores_term);
    one.launch({"-g", "60"});
    one.wait_until_started("stubborn");
    one.signal(SIGTERM);
    REQUIRE(eventually([&] { return contains(stat_in(one.of("web")), "want exit"); }));
    const auto took = time_of([&] { CHECK(one.stop().code == 0); });
    CHECK(took < 1000ms);
    CHECK(contains(one.err(), ": warning: web did not stop before it was hurried: killed\n"));
}

TEST_CASE(
    "a TERM from inside, as a finish sends it to end the container, ends it and hurries nothing; one from outside "
    "does")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    const std::string ends_all = "kill -TERM 1\necho finish >>../../finished\n";
    one.add("job", "while [ ! -e ../../started ]; do sleep 0.01; done\n");
    one.tree.script("service/job/finish", ends_all);
    one.add("database", writes_when_told("database", "0.5"));
    one.tree.script("service/database/finish", "/bin/" + ends_all);
    one.add("second", writes_when_told("second"));
    one.tree.script("service/second/finish", "sh -c 'kill -TERM 1'\n" + ends_all);
    SECTION("nobody else asks")
    {
        one.launch({"-g", "60"});
        CHECK(one.outside->wait().code == 0);
        CHECK(contains(one.tree.read("told"), "database\n"));
        CHECK(count_of(one.tree.read("finished"), "finish\n") == 3);
        CHECK(one.err() == "runsv job: warning: ended (exited 0) and finish is run\n");
    }
    SECTION("it is asked from outside, twice")
    {
        one.add("stubborn", ignores_term);
        one.launch({"-g", "60"});
        REQUIRE(eventually([&] { return contains(one.tree.read("told"), "database\n"); }));
        one.signal(SIGTERM);
        CHECK(always([&] { return one.outside->is_running(); }, 100ms));
        CHECK(one.stop().code == 0);
        CHECK(contains(one.err(), ": warning: stubborn did not stop before it was hurried: killed\n"));
    }
}

TEST_CASE("with -i a TERM from below hurries nothing, one from a process that is not below does")
{
    Services services;
    services.add("job", "while [ ! -e ../../started ]; do sleep 0.01; done\n");
    services.tree.script("service/job/finish", "until kill -TERM $(cat ../../first); do :; done\n");
    services.add("stubborn", ignores_term);
    services.tree.script("service/stubborn/finish", "");
    Process runsvdir(services.spec({"-i", "-g", "60", services.directory()}));
    services.tree.file("first", std::to_string(runsvdir.pid()));
    REQUIRE(eventually([&] { return contains(stat_in(services.of("stubborn")), "want exit"); }));
    runsvdir.signal(SIGTERM);  // the first one from here
    CHECK(always([&] { return runsvdir.is_running(); }, 100ms));
    runsvdir.signal(SIGTERM);
    CHECK(runsvdir.wait().code == 0);
}

TEST_CASE("the first TERM does not hurry a stop that an essential service has begun, the second does")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("job", "while [ ! -e ../../started ]; do sleep 0.01; done\nexit 7\n");
    one.tree.file("service/job/essential", "");
    one.add("web", "trap 'echo told >../../told' TERM\necho web >../../started\nwhile :; do sleep 0.01; done\n");
    one.launch({"-g", "60"});
    REQUIRE(eventually([&] { return one.tree.has("told"); }));
    one.signal(SIGTERM);
    CHECK(always([&] { return one.outside->is_running(); }, 100ms));
    CHECK(one.stop().code == 7);
    CHECK(contains(one.err(), ": warning: web did not stop before it was hurried: killed\n"));
}

TEST_CASE("in order services are stopped in the reverse order of their names, one after the other")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    for (const std::string name : {"b", "d", "a", "c"}) one.add(name, writes_when_told(name, "0.1"));
    one.launch({"-o"});
    for (const std::string name : {"a", "b", "c", "d"}) one.wait_until_started(name);
    CHECK(one.stop().code == 0);
    CHECK(one.tree.read("told") == "d\nc\nb\na\n");
}

TEST_CASE("no line of a log is lost at the stop")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("web",
            "trap 'i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i + 1)); done; exit' TERM\n"
            "echo web >>../../started\nwhile :; do sleep 0.01; done\n");
    one.tree.script("service/web/log/run", "exec cat >../../../log\n");
    one.launch();
    one.wait_until_started("web");
    CHECK(one.stop().code == 0);
    CHECK(count_of(one.tree.read("log"), "\n") == 5000);
    CHECK(contains(one.tree.read("log"), "line 4999\n"));
}

TEST_CASE("what a service leaves behind, which holds its log, gets its TERM when the service has ended")
{
    if (!can_have_namespaces()) return;
    for (const bool has_proc : {true, false}) {
#ifdef __SANITIZE_ADDRESS__
        if (!has_proc) continue;  // a sanitizer needs /proc
#endif
        FirstProcess one;
        one.add("web", "cd ../..\n" + std::string(left_behind) + "wait\n");
        one.tree.script("service/web/log/run", "exec cat >../../../log\n");
        one.launch({}, {}, has_proc ? with_proc : without_proc);
        one.wait_until_started("child");
        const auto took = time_of([&] { CHECK(one.stop().code == 0); });
        CHECK(took < 3s);
        CHECK(one.tree.read("log") == "told\nended\n");
        CHECK(one.err().empty());
    }
}

TEST_CASE("what a service leaves behind and ignores TERM is killed before its log, which reads all of it")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("web",
            "cd ../..\nsh -c \"trap '' TERM; echo child >>started; while :; do echo line; sleep 0.01; done\" &\n"
            "wait\n");
    one.tree.script("service/web/log/run", "cat >/dev/null\necho end >../../../log\n");
    one.launch({"-g", "3"});
    one.wait_until_started("child");
    CHECK(one.stop().code == 0);
    CHECK(contains(one.err(), ": warning: web did not stop within 3 s: killed\n"));
    CHECK_FALSE(contains(one.err(), "log"));
    CHECK(one.tree.read("log") == "end\n");
}

TEST_CASE("what nobody supervises gets a TERM when the services are gone, and a KILL in the end")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    const std::string kind =
        "setsid sh -c \"trap 'echo kind >>told; exit' TERM; echo kind >>started; "
        "while :; do sleep 0.01; done\" &\n";
    const std::string stubborn = "setsid sh -c \"trap '' TERM; echo stubborn >>started; exec sleep 1000000\" &\n";
    one.add("web", "cd ../..\n" + kind + stubborn + "exec sleep 1000000\n");
    one.launch({"-g", "1"});
    one.wait_until_started("kind");
    one.wait_until_started("stubborn");
    const auto took = time_of([&] { CHECK(one.stop().code == 0); });
    CHECK(took < 1500ms);
    CHECK(contains(one.err(), ": warning: what nobody supervises did not stop within 1 s: killed\n"));
    CHECK(one.tree.read("told") == "kind\n");
}

TEST_CASE("with -i below another first process everything below it is stopped, and nothing else")
{
    Services services;
    const std::string kind =
        "setsid sh -c \"trap 'echo kind >>told; exit' TERM; echo kind >>started; "
        "while :; do sleep 0.01; done\" &\n";
    services.add("web", "cd ../..\n" + kind + "trap 'echo web >>told; exit' TERM\nwhile :; do sleep 0.01; done\n");
    StartSpec beside;
    beside.argv = {"sleep", "1000000"};
    Process bystander(beside);
    Process runsvdir(services.spec({"-i", "-g", "2", services.directory()}));
    REQUIRE(eventually([&] { return contains(services.tree.read("started"), "kind"); }));
    runsvdir.signal(SIGTERM);
    CHECK(runsvdir.wait().code == 0);
    CHECK(services.tree.read("told") == "web\nkind\n");
    CHECK(bystander.is_running());
}

TEST_CASE("with -i everything below it is stopped without /proc too")
{
    if (!can_have_namespaces()) return;
#ifdef __SANITIZE_ADDRESS__
    std::cerr << "skipped: a sanitizer needs /proc\n";
    return;
#endif
    FirstProcess one;
    const std::string kind =
        "setsid sh -c \"trap 'echo kind >>told; exit' TERM; echo kind >>started; "
        "while :; do sleep 0.01; done\" &\n";
    const std::string stubborn = "setsid sh -c \"trap '' TERM; echo stubborn >>started; exec sleep 1000000\" &\n";
    one.add("web", "cd ../..\n" + kind + stubborn + "echo $PPID >runsv\nexec sleep 1000000\n");
    // The shell is process 1: it sends the TERM, and has the last word about who is left.
    one.launch(
        {"-i", "-g", "1"}, {},
        {"unshare", "-pfm", "sh", "-c",
         "mount -t tmpfs -o ro none /proc; \"$@\" & while [ ! -e go ]; do sleep 0.01; done; kill $!; wait $!; "
         "echo $? >code; kill -0 -1 2>/dev/null && echo left >left; exit 0",
         "sh"});
    one.wait_until_started("kind");
    one.wait_until_started("stubborn");
    one.tree.file("go", "");
    one.outside->wait();
    CHECK(one.tree.read("code") == "0\n");
    CHECK(one.tree.read("told") == "kind\n");
    CHECK_FALSE(one.tree.has("left"));
}

TEST_CASE("a service that is still being started is stopped too")
{
    if (!can_have_namespaces()) return;
    auto fastest = 10000ms;
    for (int round = 0; round < 10; ++round) {
        FirstProcess one;
        for (int at = 0; at < 5; ++at) one.add(std::to_string(at));
        one.launch();
        // Before it catches TERM the system keeps it from process 1.
        REQUIRE(eventually([&] { return !children_of(one.first()).empty(); }));
        fastest = std::min(fastest, time_of([&] { CHECK(one.stop().code == 0); }));
    }
    CHECK(fastest < 900ms);  // or somebody would have slept until the line about the wait
}
