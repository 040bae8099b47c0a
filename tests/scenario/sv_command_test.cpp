// What sv writes to supervise/control, held against a counterfeit service that keeps it.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scenario/sv_support.hpp"
#include "support/catch.hpp"

using namespace sv_support;
using runsuite::Want;

namespace {

// sv while the counterfeit takes what it is given, as runsv does. `taken` is added to.
Finished sv_taken(const Tree& tree, const Counterfeit& service, std::vector<std::string> words, std::string& taken)
{
    Process process{sv_spec(tree, std::move(words))};
    eventually([&] {
        taken += service.take();
        return !process.is_running();
    });
    taken += service.take();
    return process.wait();
}

struct Row {
    const char* word;
    const char* bytes;
};

}  // namespace

TEST_CASE("words that send write one character, say nothing and do not wait", "[shared]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    for (const Row& row : {Row{"down", "d"},
                           {"once", "o"},
                           {"pause", "p"},
                           {"cont", "c"},
                           {"hup", "h"},
                           {"alarm", "a"},
                           {"interrupt", "i"},
                           {"quit", "q"},
                           {"1", "1"},
                           {"2", "2"},
                           {"term", "t"},
                           {"kill", "k"},
                           {"exit", "x"},
                           {"x", "x"},
                           {"chec", "c"},
                           {"try", "t"}}) {
        std::string taken;
        const auto told = sv_taken(tree, web, {row.word, "web"}, taken);
        INFO(row.word);
        CHECK(told.out + told.err == "");
        CHECK(told.code == 0);
        CHECK(taken == row.bytes);
    }
}

TEST_CASE("words that wait write their characters", "[shared]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    for (const Row& row : {Row{"stop", "d"}, {"restart", "tcu"}, {"try-restart", "tc"}, {"shutdown", "x"}}) {
        std::string taken;
        const auto told = sv_taken(tree, web, {"-w", "0", row.word, "web"}, taken);
        INFO(row.word);
        CHECK(without_numbers(told.out) == "timeout: run: web: (pid N) Ts\n");
        CHECK(told.code == 1);
        CHECK(taken == row.bytes);
    }
}

TEST_CASE("force words send kill when the time is over", "[shared]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    for (const Row& row : {Row{"force-stop", "dk"},
                           {"force-restart", "tcuk"},
                           {"force-reload", "tck"},
                           {"force-shutdown", "xk"},
                           {"D", "dk"},
                           {"T", "tck"},
                           {"X", "xk"},
                           {"E", "xk"}}) {
        std::string taken;
        const auto told = sv_taken(tree, web, {"-w", "0", row.word, "web"}, taken);
        INFO(row.word);
        CHECK(without_numbers(told.out) == "kill: run: web: (pid N) Ts\n");
        CHECK(told.code == 1);
        CHECK(taken == row.bytes);
    }
}

TEST_CASE("a word that is neither a verb nor the beginning of one is wrong usage and sends nothing")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    for (const char* word : {"enable", "ps", "kick", "info", "help", "usr1", "tree", "2nd", "Down", "starts"}) {
        const auto told = sv(tree, {word, "web"});
        INFO(word);
        CHECK(told.code == 100);
        CHECK(told.out == "");
        CHECK(web.take() == "");
    }
}

TEST_CASE("up and down are sent though the status looks as wanted already")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    CHECK(sv(tree, {"up", "web"}).code == 0);
    CHECK(web.take() == "u");
    auto record = running();
    record.want = Want::Down;
    record.term_sent = true;
    web.publish(record);
    CHECK(sv(tree, {"down", "web"}).code == 0);
    CHECK(web.take() == "d");
}

TEST_CASE("a command is sent though the status is garbage")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    web.publish_bytes("garbage");
    CHECK(sv(tree, {"up", "web"}).code == 0);
    CHECK(web.take() == "u");
}

TEST_CASE("a status of garbage is what a waiting command ends with, unless it gets well in time")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    web.publish_bytes("garbage");
    std::string taken;
    auto told = sv_taken(tree, web, {"-w", "0", "start", "web"}, taken);
    CHECK(told.out == "warning: web: unable to read supervise/status: bad format\n");
    CHECK(told.code == 1);

    Process start{sv_spec(tree, {"start", "web"})};
    REQUIRE(eventually([&] { return web.take() == "u"; }));
    web.publish(running());
    CHECK(without_numbers(start.wait().out) == "ok: run: web: (pid N) Ts\n");
}

TEST_CASE("reload and start of a service that runs are ok once the command has been taken", "[shared]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    for (const char* word : {"start", "reload"}) {
        std::string taken;
        CHECK(without_numbers(sv_taken(tree, web, {word, "web"}, taken).out) == "ok: run: web: (pid N) Ts\n");
    }
}

TEST_CASE("nothing is ok before runsv has taken the command")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    Process start{sv_spec(tree, {"-w", "30", "start", "web"})};
    REQUIRE(eventually([&] { return web.unread() > 0; }));
    CHECK(always([&] { return start.is_running() && start.out().empty(); }, std::chrono::milliseconds(300)));
    CHECK(web.take() == "u");
    CHECK(without_numbers(start.wait().out) == "ok: run: web: (pid N) Ts\n");
}

TEST_CASE("what another client has written behind the command does not make it wait for ever")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    Process start{sv_spec(tree, {"start", "web"})};
    eventually([&] {
        const std::string taken = web.take();
        if (start.is_running() && !taken.empty()) tree.append("web/supervise/control", "h");
        return !start.is_running() || taken.find('h') != std::string::npos;
    });
    web.take();
    CHECK(start.wait().code == 0);
}

TEST_CASE("a try-restart of a service that is down and is to be down is ok", "[shared]")
{
    Tree tree;
    const Counterfeit web{tree, "web", down()};
    for (const char* word : {"try-restart", "force-reload"}) {
        std::string taken;
        const auto told = sv_taken(tree, web, {word, "web"}, taken);
        CHECK(without_numbers(told.out) == "ok: down: web: Ts, normally up\n");
        CHECK(taken == "tc");
    }
}

TEST_CASE(
    "restart is done with a new process of the same second, or of an earlier one when the clock was set back",
    "[bug-31]")
{
    Tree tree;
    const auto before = running(0, 100);
    const Counterfeit web{tree, "web", before};
    for (const long nanoseconds : {1L, 999L, -3600'000'000'000L}) {
        web.publish(before);
        Process restart{sv_spec(tree, {"-w", "20", "restart", "web"})};
        REQUIRE(eventually([&] { return web.take() == "tcu"; }));
        CHECK(always([&] { return restart.is_running(); }, std::chrono::milliseconds(50)));
        auto after = before;
        after.pid = 101;
        after.since = runsuite::Tai64n::from_unix(
            std::chrono::seconds(static_cast<long>(before.since.seconds - runsuite::Tai64n::unix_epoch)) +
            std::chrono::nanoseconds(before.since.nanoseconds + nanoseconds));
        web.publish(after);
        CHECK(restart.wait().out.find("ok: run: web: (pid 101) ") == 0);
    }
}

TEST_CASE("once -v is not ok before anything has happened", "[bug-30]")
{
    Tree tree;
    const Counterfeit web{tree, "web", down(0)};
    std::string taken;
    const auto told = sv_taken(tree, web, {"-w", "0", "once", "web"}, taken);
    CHECK(told.out.find("timeout: down: web: ") == 0);
    CHECK(taken == "o");
}

TEST_CASE("check waits for the state that is wanted")
{
    Tree tree;
    const Counterfeit web{tree, "web", down(100, Want::Up)};
    CHECK(without_numbers(sv(tree, {"-w", "0", "check", "web"}).out) ==
          "timeout: down: web: Ts, normally up, want up\n");
    Process check{sv_spec(tree, {"check", "web"})};
    CHECK(always([&] { return check.is_running(); }, std::chrono::milliseconds(50)));
    web.publish(running());
    CHECK(without_numbers(check.wait().out) == "ok: run: web: (pid N) Ts\n");
    CHECK(web.take() == "");
}

TEST_CASE("check of a service in the state that is wanted is ok", "[shared]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    const Counterfeit job{tree, "job", down()};
    const auto told = sv(tree, {"check", "web", "job"});
    CHECK(without_numbers(told.out) == "ok: run: web: (pid N) Ts\nok: down: job: Ts, normally up\n");
    CHECK(told.code == 0);
}

TEST_CASE("no runsv is a failure, but for exit and shutdown just what is wanted", "[shared]")
{
    Tree tree;
    Counterfeit web{tree, "web", running()};
    web.end();
    for (const char* word : {"up", "start", "stop", "restart", "force-stop", "check", "kill"}) {
        const auto told = sv(tree, {"-w", "0", word, "web"});
        CHECK(told.out == "fail: web: runsv not running\n");
        CHECK(told.code == 1);
    }
    for (const char* word : {"exit", "x", "shutdown", "force-shutdown", "X", "E"}) {
        const auto told = sv(tree, {word, "web"});
        CHECK(told.out == "ok: web: runsv not running\n");
        CHECK(told.code == 0);
    }
    tree.directory("new");
    CHECK(sv(tree, {"exit", "new"}).code == 1);
}

TEST_CASE("a runsv that ends is told to whoever waits, at once")
{
    Tree tree;
    for (const char* word : {"stop", "check"}) {
        Counterfeit web{tree, "web", running()};
        if (std::string(word) == "check") web.publish(down(1, Want::Up));
        Process waiting{sv_spec(tree, {"-w", "60", word, "web"})};
        CHECK(always([&] { return waiting.is_running(); }, std::chrono::milliseconds(100)));
        web.end();
        CHECK(waiting.wait().out == "fail: web: runsv not running\n");
        tree.remove("web");
    }
    Counterfeit web{tree, "web", running()};
    Process shutdown{sv_spec(tree, {"-w", "60", "shutdown", "web"})};
    REQUIRE(eventually([&] { return web.take() == "x"; }));
    CHECK(shutdown.is_running());
    web.end();
    const auto told = shutdown.wait();
    CHECK(told.out == "ok: web: runsv not running\n");
    CHECK(told.code == 0);
}

TEST_CASE("a pipe that is full is waited for")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    const int fd = ::open(tree.path("web/supervise/control").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    const std::string garbage(4096, 'z');
    while (::write(fd, garbage.data(), garbage.size()) > 0) {
    }
    ::close(fd);
    Process up{sv_spec(tree, {"up", "web"})};
    CHECK(always([&] { return up.is_running(); }, std::chrono::milliseconds(100)));
    std::string taken;
    REQUIRE(eventually([&] {
        taken += web.take();
        return !up.is_running();
    }));
    CHECK(up.wait().code == 0);
    CHECK((taken + web.take()).back() == 'u');
}

TEST_CASE("a pipe that stays full is told after the time")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    const int fd = ::open(tree.path("web/supervise/control").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    const std::string garbage(4096, 'z');
    while (::write(fd, garbage.data(), garbage.size()) > 0) {
    }
    ::close(fd);
    for (const char* word : {"up", "stop"}) {
        const auto told = sv(tree, {word, "web"}, {{"SVWAIT", "0"}});
        CHECK(told.out == "warning: web: unable to write to supervise/control: temporary failure\n");
        CHECK(told.code == 1);
    }
}

TEST_CASE("a name that ends with a slash is the same directory while it is waited for", "[bug-28]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    auto spec = sv_spec(tree, {"start", "web/"}, {{"SVDIR", "/nonexistent"}});
    spec.directory = tree.path();
    Process start{spec};
    REQUIRE(eventually([&] { return web.take() == "u"; }));
    CHECK(without_numbers(start.wait().out) == "ok: run: web/: (pid N) Ts\n");
}

TEST_CASE("SVWAIT is the time to wait, and ignored with a warning when it is no number")
{
    Tree tree;
    const Counterfeit web{tree, "web", down()};
    CHECK(sv(tree, {"start", "web"}, {{"SVWAIT", "0"}}).out.find("timeout: ") == 0);
    CHECK(web.take() == "u");
    Process stop{sv_spec(tree, {"stop", "web"}, {{"SVWAIT", "soon"}})};
    REQUIRE(eventually([&] { return web.take() != ""; }));
    const auto told = stop.wait();
    CHECK(told.err == "sv: warning: SVWAIT is not a number of seconds: ignored\n");
    CHECK(sv(tree, {"status", "web"}, {{"SVWAIT", "soon"}}).err == "");
}

TEST_CASE("as an init script a command that fails is 1", "[shared]")
{
    Tree tree;
    Counterfeit web{tree, "web", running()};
    CHECK(init_script(tree, "web", {"-w", "0", "stop"}).code == 1);
    CHECK(init_script(tree, "web", {"down"}).code == 0);
    CHECK(init_script(tree, "missing", {"start"}).code == 1);
    web.end();
    CHECK(init_script(tree, "web", {"-w", "0", "start"}).code == 1);
    CHECK(init_script(tree, "web", {"shutdown"}).code == 0);
}
