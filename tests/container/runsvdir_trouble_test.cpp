// What the first process of a container lives through: deaths, signals, new lives.
#include <unistd.h>

#include <filesystem>

#include "container/first_process.hpp"
#include "model/status_record.hpp"
#include "support/full_pipe.hpp"

using namespace container;
using runsuite::ServiceState;
using runsuite::StatusRecord;

TEST_CASE("a runsv that dies in a container is told of and started again, and its service goes on")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("web", writes_when_told("web"));
    one.launch();
    one.wait_until_started("web");
    one.wait_until_up("web");
    const pid_t runsv = runsv_pid(one.first(), "web");
    REQUIRE(runsv != 0);
    ::kill(runsv, SIGKILL);
    CHECK(eventually(
        [&] { return contains(one.err(), ": warning: runsv web ended (killed 9) and is started again\n"); }));
    CHECK(eventually([&] {
        const pid_t next = runsv_pid(one.first(), "web");
        return next != 0 && next != runsv;
    }));
    one.wait_until_up("web");
    CHECK(one.stop().code == 0);
    CHECK(one.tree.read("started") == "web\n");  // not a second time
    CHECK(one.tree.read("told") == "web\n");
}

TEST_CASE("in a container a runsv is called as ever, and what tells it that it is in one reaches no service")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("web", "env >../../environment\n" + writes_when_told("web"));
    one.launch();
    one.wait_until_started("web");
    const pid_t runsv = runsv_pid(one.first(), "web");
    REQUIRE(runsv != 0);
    CHECK(arguments_of(runsv) == std::vector<std::string>{"runsv", "web"});
    CHECK(contains(one.tree.read("environment"), "PATH="));
    CHECK_FALSE(contains(one.tree.read("environment"), "RUNSUITE_CONTAINER"));
}

TEST_CASE("no signal but those that are to end it ends runsvdir in a container")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("web", writes_when_told("web"));
    one.launch();
    one.wait_until_started("web");
    std::set<int> others{SIGTERM, SIGINT, SIGHUP, SIGKILL, SIGSTOP};
#ifdef __SANITIZE_ADDRESS__
    others.insert({SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT});  // which the sanitizer catches
#endif
    for (int signal = 1; signal < NSIG; ++signal) {
        if (others.count(signal) == 0) one.signal(signal);
    }
    CHECK(always([&] { return one.outside->is_running(); }, 100ms));
    one.move_in("new");  // it is still at work
    one.wait_until_up("new");
    CHECK_FALSE(one.tree.has("told"));
    CHECK(one.stop().code == 0);
    CHECK(one.err().empty());
}

TEST_CASE("with -i the signals that a first process passes on do not end it")
{
    Services services;
    services.add("web", writes_when_told("web"));
    Process runsvdir(services.spec({"-i", services.directory()}));
    REQUIRE(eventually([&] { return services.tree.has("started"); }));
    for (const int signal : {SIGQUIT, SIGUSR1, SIGUSR2, SIGPWR, SIGPIPE, SIGWINCH, SIGURG, SIGCONT, SIGALRM}) {
        runsvdir.signal(signal);
    }
    CHECK(always([&] { return runsvdir.is_running(); }, 100ms));
    runsvdir.signal(SIGTERM);
    CHECK(runsvdir.wait().code == 0);
    CHECK(services.tree.read("told") == "web\n");
}

TEST_CASE("container after container starts every service, tells it of the end and leaves with 0")
{
    if (!can_have_namespaces()) return;
    const char* const wish = std::getenv("RUNSUITE_CYCLES");  // 200 to be sure
    const int cycles = wish != nullptr ? std::atoi(wish) : 20;
    FirstProcess one;
    const std::vector<std::string> names{"a", "b", "c", "d"};
    for (const auto& name : names) one.add(name, writes_when_told(name));
    for (int cycle = 1; cycle <= cycles; ++cycle) {
        INFO("cycle " << cycle);
        one.launch({cycle % 2 == 0 ? "-o" : "-i"});
        const auto has_all = [&](const std::string& file, int count) {
            const auto text = one.tree.read(file);
            return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
                return count_of(text, name + "\n") == std::size_t(count);
            });
        };
        REQUIRE(eventually([&] { return has_all("started", cycle); }));
        REQUIRE(one.stop().code == 0);
        REQUIRE(has_all("told", cycle));
        REQUIRE(one.err().empty());
    }
}

TEST_CASE("a container that is started anew at once takes nobody for a service of its former life")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    const std::vector<std::string> names{"a", "b", "c", "d", "e"};
    for (const auto& name : names) one.add(name, "echo " + name + " >>../../started\n" + stay);
    for (int life = 1; life <= 5; ++life) {  // the numbers of processes are the same in each
        one.launch();
        for (const auto& name : names) {
            REQUIRE(eventually(
                [&] { return count_of(one.tree.read("started"), name + "\n") == std::size_t(life); }, 10s));
        }
        one.signal(SIGKILL);
        one.outside->wait();
    }
}

TEST_CASE("a process of a start script is not taken for a service of a former life with its number and age")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("web", "echo web >>../../started\n" + stay);
    StatusRecord former;
    former.pid = 40;
    former.state = ServiceState::Run;
    former.since = {(1ULL << 62) + 1000000000, 0};
    const auto bytes = former.encode();
    one.tree.file("service/web/supervise/status", std::string(bytes.begin(), bytes.end()));
    one.tree.file("service/web/supervise/pid", "40\n");
    std::filesystem::last_write_time(one.tree.path("service/web/supervise/pid"),
                                     std::filesystem::file_time_type::clock::now() - 300ms);
    one.launch({}, {},
               {"unshare", "-pf", "--mount-proc", "sh", "-c",
                "echo 39 >/proc/sys/kernel/ns_last_pid; sleep 1000000 & exec \"$0\" \"$@\""});
    one.wait_until_started("web");
    CHECK(pid_in(one.of("web")) != 40);
    CHECK(one.stop().code == 0);
}

TEST_CASE("the operator is told once which service died of what, and not of ends that were asked for")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("loop", "echo x >>../../loops\nexit 3\n");
    one.add("web");
    one.tree.script("service/web/log/run", "exec cat >/dev/null\n");
    one.launch();
    one.wait_until_up("web");
    const pid_t runsv = runsv_pid(one.first(), "web");
    REQUIRE(eventually([&] { return children_of(runsv).size() == 2; }));
    for (const pid_t child : children_of(runsv)) ::kill(child, SIGKILL);  // the service and its log
    CHECK(eventually([&] {
        return contains(one.err(), "runsv web: warning: ended (killed 9) and is started again\n") &&
               contains(one.err(), "runsv web: warning: log ended (killed 9) and is started again\n");
    }));
    REQUIRE(eventually([&] { return count_of(one.tree.read("loops"), "x") >= 4; }));
    CHECK(count_of(one.err(), "runsv loop: warning: ended (exited 3) and is started again\n") == 1);
    CHECK(count_of(one.err(), "runsv loop") == 1);
    one.wait_until_up("web");
    const auto before = one.err();
    const pid_t pid = pid_in(one.of("web"));
    one.tree.append("service/web/supervise/control", "tcu");
    REQUIRE(eventually([&] { return pid_in(one.of("web")) != 0 && pid_in(one.of("web")) != pid; }));
    CHECK(one.stop().code == 0);
    CHECK(one.err() == before);
}

TEST_CASE("of a service with a finish, which may take it down, nobody says that it is started again")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("app", "exit 3\n");
    one.tree.script("service/app/finish", "printf d >supervise/control; echo app >>../../finished\n");
    one.launch();
    REQUIRE(eventually([&] { return one.tree.has("finished"); }));
    CHECK(eventually([&] { return contains(stat_in(one.of("app")), "down"); }));
    CHECK(one.stop().code == 0);
    CHECK(one.err() == "runsv app: warning: ended (exited 3) and finish is run\n");
}

TEST_CASE("a standard error that is full holds up no service, and no stop")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    const FullPipe full(one.tree.path("full"));
    one.add("a", writes_when_told("a"));
    one.add("b", "trap '' TERM\necho b >>../../started\nwhile :; do sleep 0.01; done\n");
    one.add("loop", "echo loop >>../../loops\nexit 3\n");
    one.launch({"-o", "-g", "4"}, {}, {"unshare", "-pf", "--mount-proc", "sh", "-c", "exec \"$@\" 2>full", "sh"});
    one.wait_until_started("a");
    one.wait_until_started("b");
    CHECK(eventually([&] { return count_of(one.tree.read("loops"), "loop") >= 3; }));
    const auto start = std::chrono::steady_clock::now();
    CHECK(one.stop().code == 0);
    CHECK(std::chrono::steady_clock::now() - start < 6s);
    CHECK(one.tree.read("told") == "a\n");  // after the line about the wait for b
}

TEST_CASE("what is said while standard error is full is written when there is room again")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    const FullPipe full(one.tree.path("full"));
    one.add("loop", "echo loop >>../../loops\nexit 3\n");
    std::filesystem::create_symlink("ring", one.tree.path("service/ring"));
    one.launch({}, {}, {"unshare", "-pf", "--mount-proc", "sh", "-c", "exec \"$@\" 2>full", "sh"});
    CHECK(eventually([&] { return count_of(one.tree.read("loops"), "loop") >= 2; }));
    std::string text;
    CHECK(eventually([&] {
        text += full.read();
        return contains(text, "runsv loop: warning: ended (exited 3) and is started again\n") &&
               contains(text, ": warning: unable to stat ring: symbolic link loop\n");
    }));
    CHECK(one.stop().code == 0);
}

TEST_CASE("the tenth end in a row is told again")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("loop");
    one.launch();
    for (int end = 1; end <= 10; ++end) {
        one.wait_until_up("loop");
        const pid_t pid = pid_in(one.of("loop"));
        const auto outside = children_of(runsv_pid(one.first(), "loop"));
        REQUIRE(outside.size() == 1);
        ::kill(outside[0], SIGKILL);
        REQUIRE(eventually([&] { return pid_in(one.of("loop")) != 0 && pid_in(one.of("loop")) != pid; }));
    }
    CHECK(eventually([&] {
        return contains(one.err(), "loop: warning: ended (killed 9) and is started again, 10 times in a row\n");
    }));
    CHECK(count_of(one.err(), "loop") == 2);
}
