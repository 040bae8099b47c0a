// sv with a real runsv: what it waits for is so when it says so.
#include <algorithm>
#include <filesystem>
#include <sstream>

#include "scenario/sv_support.hpp"
#include "support/catch.hpp"

using namespace sv_support;

namespace {

std::string pid_text(const Tree& tree, const std::string& name)
{
    return "(pid " + std::to_string(pid_in(tree.path(name))) + ")";
}

double seconds_of(const Tree& tree, const std::vector<std::string>& words)
{
    const auto start = std::chrono::steady_clock::now();
    CHECK(sv(tree, words, {{"SVSETTLE", "0"}}).code == 0);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

TEST_CASE("start and stop are ok when the service runs and when it is down", "[shared]")
{
    Tree tree;
    make_service(tree, "web");
    tree.file("web/down", "");
    const auto runsv = supervise(tree, "web");
    auto told = sv(tree, {"start", "web"});
    CHECK(without_numbers(told.out) == "ok: run: web: (pid N) Ts, normally down\n");
    CHECK(told.out.find(pid_text(tree, "web")) != std::string::npos);
    told = sv(tree, {"stop", "web"});
    CHECK(without_numbers(told.out) == "ok: down: web: Ts\n");
    CHECK(stat_in(tree.path("web")) == "down");
}

TEST_CASE("a restart is ok when a new process runs, though the old one was started in the same second", "[bug-25]")
{
    Tree tree;
    make_service(tree, "web");
    const auto runsv = supervise(tree, "web");
    for (int round = 0; round < 3; ++round) {
        const pid_t old = pid_in(tree.path("web"));
        const auto told = sv(tree, {"restart", "web"});
        CHECK(told.code == 0);
        CHECK(told.out.find("ok: run: web: " + pid_text(tree, "web")) == 0);
        CHECK(pid_in(tree.path("web")) != old);
    }
}

TEST_CASE("waiting commands of a service that does not keep one waiting return at once", "[bug-26]")
{
    Tree tree;
    make_service(tree, "web");
    const auto runsv = supervise(tree, "web");
    double stop = 10;
    double start = 10;
    double check = 10;
    const auto live = [] { eventually([] { return false; }, std::chrono::milliseconds(1100)); };
    for (int round = 0; round < 5; ++round) {
        live();  // or the reference's runsv keeps everyone waiting for the rest of its second
        stop = std::min(stop, seconds_of(tree, {"stop", "web"}));
        live();
        start = std::min(start, seconds_of(tree, {"start", "web"}));
        check = std::min(check, seconds_of(tree, {"check", "web"}));
        if (std::max({stop, start, check}) < 0.1) break;
    }
    CHECK(stop < 0.1);
    CHECK(start < 0.1);
    CHECK(check < 0.1);
}

TEST_CASE("stop waits for finish, and force-stop kills what does not end", "[shared]")
{
    Tree tree;
    make_service(tree, "web", "trap '' TERM\necho > ready\nwhile :; do sleep 0.05; done\n");
    tree.script("web/finish", "echo >> finished\n");
    const auto runsv = supervise(tree, "web");
    REQUIRE(eventually([&] { return tree.has("web/ready"); }));
    auto told = sv(tree, {"-w", "1", "force-stop", "web"});
    CHECK(without_numbers(told.out) == "kill: run: web: (pid N) Ts, want down, got TERM\n");
    CHECK(told.code == 1);
    told = sv(tree, {"stop", "web"});
    CHECK(without_numbers(told.out) == "ok: down: web: Ts, normally up\n");
    CHECK(tree.has("web/finished"));
}

TEST_CASE("a timeout reports the state at its end", "[shared]")
{
    Tree tree;
    make_service(tree, "web", "trap '' TERM\necho > ready\nwhile :; do sleep 0.05; done\n");
    const auto runsv = supervise(tree, "web");
    REQUIRE(eventually([&] { return tree.has("web/ready"); }));
    const auto told = sv(tree, {"-w", "1", "stop", "web"});
    CHECK(without_numbers(told.out) == "timeout: run: web: (pid N) Ts, want down, got TERM\n");
    CHECK(told.code == 1);
    CHECK(sv(tree, {"kill", "web"}).code == 0);
}

TEST_CASE("once -v is ok when the service runs for the last time, also when that was short", "[bug-30]")
{
    Tree tree;
    make_service(tree, "web");
    make_service(tree, "short", "exit 0\n");
    tree.file("web/down", "");
    tree.file("short/down", "");
    const auto web = supervise(tree, "web");
    const auto shorter = supervise(tree, "short");
    CHECK(without_numbers(sv(tree, {"-v", "once", "web"}).out) ==
          "ok: run: web: (pid N) Ts, normally down, want down\n");
    CHECK(sv(tree, {"-v", "once", "short"}).code == 0);
}

TEST_CASE("pause and cont wait for it with -v", "[shared]")
{
    Tree tree;
    make_service(tree, "web");
    const auto runsv = supervise(tree, "web");
    CHECK(without_numbers(sv(tree, {"-v", "pause", "web"}).out) == "ok: run: web: (pid N) Ts, paused\n");
    CHECK(without_numbers(sv(tree, {"-v", "cont", "web"}).out) == "ok: run: web: (pid N) Ts\n");
}

TEST_CASE("shutdown is ok when runsv has ended", "[shared]")
{
    Tree tree;
    make_service(tree, "web");
    const auto runsv = supervise(tree, "web");
    const auto told = sv(tree, {"shutdown", "web"});
    CHECK(told.out == "ok: web: runsv not running\n");
    CHECK(told.code == 0);
    CHECK(eventually([&] { return !runsv->is_running(); }));
    CHECK_FALSE(is_supervised(tree.path("web")));
}

TEST_CASE("many services are waited for together, in one time", "[shared]")
{
    Tree tree;
    std::vector<std::unique_ptr<Process>> all;
    std::vector<std::string> words{"-w", "2", "stop"};
    for (int at = 0; at < 6; ++at) {
        const std::string name = "s" + std::to_string(at);
        make_service(tree, name, at % 2 == 0 ? stay : "trap '' TERM\necho > ready\nwhile :; do sleep 0.1; done\n");
        all.push_back(supervise(tree, name));
        if (at % 2 != 0) REQUIRE(eventually([&] { return tree.has(name + "/ready"); }));
        words.push_back(name);
    }
    words.push_back("missing");
    const auto start = std::chrono::steady_clock::now();
    const auto told = sv(tree, words);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
    CHECK(told.code == 4);
    for (int at = 0; at < 6; ++at) {
        const std::string line = (at % 2 == 0 ? "ok: down: s" : "timeout: run: s") + std::to_string(at) + ": ";
        CHECK(told.out.find(line) != std::string::npos);
    }
    CHECK(told.out.find("fail: missing: ") == 0);
}

TEST_CASE("more services than are told apart by events of their own are restarted together")
{
    Tree tree;
    std::vector<std::unique_ptr<Process>> all;
    std::vector<std::string> words{"-w", "20", "restart"};
    std::vector<pid_t> old;
    for (int at = 0; at < 24; ++at) {
        const std::string name = "s" + std::to_string(at);
        make_service(tree, name);
        all.push_back(supervise(tree, name));
        words.push_back(name);
        old.push_back(pid_in(tree.path(name)));
    }
    const auto told = sv(tree, words);
    CHECK(told.code == 0);
    CHECK(std::count(told.out.begin(), told.out.end(), '\n') == 24);
    for (std::size_t at = 0; at < old.size(); ++at) CHECK(pid_in(tree.path(words[at + 3])) != old[at]);
}

TEST_CASE("a service that is named twice is reported twice", "[shared]")
{
    Tree tree;
    make_service(tree, "web");
    const auto runsv = supervise(tree, "web");
    const auto told = sv(tree, {"stop", "web", "web"});
    CHECK(without_numbers(told.out) == "ok: down: web: Ts, normally up\nok: down: web: Ts, normally up\n");
}

TEST_CASE("a service whose supervise directory is a link elsewhere is waited for like any other")
{
    Tree tree;
    make_service(tree, "web");
    tree.directory(".state");
    std::filesystem::create_symlink(tree.path(".state/web"), tree.path("web/supervise"));
    const auto runsv = supervise(tree, "web");
    CHECK(sv(tree, {"restart", "web"}).code == 0);
    CHECK(sv(tree, {"stop", "web"}).code == 0);
}

TEST_CASE("the log service is controlled by its own name", "[shared]")
{
    Tree tree;
    make_service(tree, "web");
    make_service(tree, "web/log", "exec cat\n");
    const auto runsv = supervise(tree, "web");
    REQUIRE(eventually([&] { return pid_in(tree.path("web/log")) > 0; }));
    CHECK(without_numbers(sv(tree, {"stop", "web/log"}).out) == "ok: down: web/log: Ts, normally up\n");
    CHECK(without_numbers(sv(tree, {"start", "web/log"}).out) == "ok: run: web/log: (pid N) Ts\n");
    CHECK(without_numbers(sv(tree, {"status", "web"}).out) == "run: web: (pid N) Ts; run: log: (pid N) Ts\n");
}

TEST_CASE("with two clients at work each restart sees a process that was started after it was asked for")
{
    Tree tree;
    const std::string now = "$(cut -d' ' -f1 /proc/uptime)";
    make_service(tree, "web", "echo $$ " + now + " >> starts\n" + stay);
    const auto runsv = supervise(tree, "web");
    tree.script("client", "for round in 1 2 3 4 5; do\n  asked=" + now + "\n  " + program("sv") +
                              " -w 30 restart web > told.$1 || { cat told.$1; exit 1; }\n"
                              "  echo $(sed 's/.*(pid //; s/).*//' told.$1) $asked >> seen\ndone\n");
    std::vector<std::unique_ptr<Process>> clients;
    for (const char* name : {"one", "two"}) {
        auto spec = sv_spec(tree, {});
        spec.argv = {tree.path("client"), name};
        spec.directory = tree.path();
        clients.push_back(std::make_unique<Process>(spec));
    }
    for (auto& client : clients) CHECK(client->wait(std::chrono::milliseconds(60000)).code == 0);
    const auto times_of = [&](const std::string& file) {
        std::istringstream lines(tree.read(file));
        std::vector<std::pair<pid_t, double>> times;
        pid_t pid = 0;
        for (double time = 0; lines >> pid >> time;) times.emplace_back(pid, time);
        return times;
    };
    const auto seen = times_of("seen");
    CHECK(seen.size() == 10);
    // A process that was ended before it could write its start down says nothing, but does no harm.
    const auto starts = times_of("web/starts");
    for (const auto& [pid, asked] : seen) {
        for (const auto& [started_pid, started] : starts) {
            if (started_pid == pid) CHECK(started + 0.011 >= asked);
        }
    }
}

// Four restarts, stop, start, back to back: the service is up with a new pid. The reference's sv fails about half.
TEST_CASE("three hundred times four restarts and a stop and a start leave the service up with a new pid")
{
    constexpr int rounds = 300;
    // The reference's runsv makes every short run wait out its second, so there it is many services at a time.
    const int services = is_reference("runsv") ? 100 : 10;
    Tree tree;
    const std::string sv = program("sv") + " -w 30 ";
    std::vector<std::unique_ptr<Process>> all;
    for (int at = 0; at < services; ++at) {
        make_service(tree, "s" + std::to_string(at));
        all.push_back(supervise(tree, "s" + std::to_string(at)));
    }
    tree.script("rounds",
                "pid() { cat $1/supervise/pid; }\n"
                "i=0; while [ $i -lt $2 ]; do i=$((i+1))\n"
                "  old=$(pid $1)\n"
                "  for n in 1 2 3 4; do " +
                    sv +
                    "restart $1 || exit 1; done\n"
                    "  " +
                    sv +
                    "stop $1 || exit 2\n"
                    "  [ \"$(cat $1/supervise/stat)\" = down ] || exit 3\n"
                    "  " +
                    sv +
                    "start $1 || exit 4\n"
                    "  new=$(pid $1); [ -n \"$new\" ] && [ \"$new\" != \"$old\" ] && kill -0 $new || exit 5\n"
                    "done\n");
    std::vector<std::unique_ptr<Process>> clients;
    for (int at = 0; at < services; ++at) {
        auto spec = sv_spec(tree, {});
        spec.argv = {tree.path("rounds"), "s" + std::to_string(at), std::to_string(rounds / services)};
        spec.directory = tree.path();
        clients.push_back(std::make_unique<Process>(spec));
    }
    for (auto& client : clients) {
        const auto told = client->wait(std::chrono::milliseconds(100000));
        INFO(told.out);
        CHECK(told.code == 0);
    }
}
