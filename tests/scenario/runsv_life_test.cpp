#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>

#include "runsv_fixture.hpp"
#include "support/services.hpp"

using namespace scenario;

TEST_CASE("supervise holds lock, control, ok, pid, stat and status, with the reference's modes", "[shared]")
{
    OneService one;
    one.script("run", stay);
    one.launch_and_wait_until("run");
    const auto mode_of = [&](const std::string& name) {
        struct stat about {};
        REQUIRE(::stat((one.directory() + "/supervise" + name).c_str(), &about) == 0);
        return about.st_mode;
    };
    CHECK(mode_of("") == (S_IFDIR | 0700));
    CHECK(mode_of("/lock") == (S_IFREG | 0600));
    CHECK(mode_of("/control") == (S_IFIFO | 0600));
    CHECK(mode_of("/ok") == (S_IFIFO | 0600));
    for (const char* name : {"/pid", "/stat", "/status"}) CHECK(mode_of(name) == (S_IFREG | 0644));
    CHECK(one.read("supervise/pid") == std::to_string(one.pid()) + "\n");
    CHECK(one.read("supervise/stat") == "run\n");
    CHECK(one.read("supervise/status").size() == 20);
    CHECK(one.record().pid == static_cast<std::uint32_t>(one.pid()));
    CHECK(one.record().state == ServiceState::Run);
    CHECK(one.record().want == Want::Up);
}

TEST_CASE("a down file keeps the service down until it is told to come up", "[shared]")
{
    OneService one;
    one.script("run", stay);
    one.file("down", "");
    one.launch_and_wait_until("down");
    CHECK(one.read("supervise/pid").empty());
    CHECK(one.record().want == Want::Down);
    one.control("u");
    one.wait_until("run");
}

TEST_CASE("finish gets the exit code and 0, or -1 and the signal, and a run that cannot be executed counts as 111",
          "[shared]")
{
    OneService one;
    one.script("finish", "echo \"$1 $2\" >>finishes\n");
    one.script("run", "exit 7\n");
    one.launch();
    one.wait_for_text("finishes", "7 0\n");
    one.script("run.new", "kill -USR1 $$\n");
    std::filesystem::rename(one.directory() + "/run.new", one.directory() + "/run");
    one.wait_for_text("finishes", "-1 10\n");
    one.tree.remove("service/run");
    one.wait_for_text("finishes", "111 0\n");
}

TEST_CASE("a crash loop is one start a second", "[shared]")
{
    OneService one;
    one.script("run", "echo x >>starts\n");
    one.launch();
    one.wait_for_text("starts", "x\n");
    const auto begin = std::chrono::steady_clock::now();
    one.wait_for_text("starts", "x\nx\nx\nx\n");
    const auto span = std::chrono::steady_clock::now() - begin;
    CHECK(span > 2700ms);
    CHECK(span < 4500ms);
}

TEST_CASE("while finish runs its pid and the word finish are shown, and the time of the run", "[shared]")
{
    OneService one;
    one.script("run", "exec sleep 1000\n");
    one.script("finish", "exec sleep 1000\n");
    one.launch_and_wait_until("run");
    const auto since = one.record().since;
    one.signal_service(SIGKILL);
    one.wait_until("finish");
    const auto record = one.record();
    CHECK(record.state == ServiceState::Finish);
    CHECK(record.since == since);
    CHECK(eventually([&] { return one.record().pid == static_cast<std::uint32_t>(one.pid()); }));
}

TEST_CASE("supervise may be a symlink, and the directory that a dangling one names is made", "[shared]")
{
    OneService one;
    one.script("run", stay);
    one.script("log/run", stay);
    std::filesystem::create_symlink("../main-state", one.directory() + "/supervise");
    std::filesystem::create_symlink("../../log-state", one.directory() + "/log/supervise");
    one.launch_and_wait_until("run");
    CHECK(one.tree.has("main-state/status"));
    CHECK(one.tree.has("log-state/status"));
}

TEST_CASE("all missing levels of the directory that a dangling supervise names are made, for us alone")
{
    OneService one;
    one.script("run", stay);
    one.script("log/run", stay);
    std::filesystem::create_symlink("../a/b/main", one.directory() + "/supervise");
    std::filesystem::create_symlink(one.tree.path("c/d/log"), one.directory() + "/log/supervise");
    one.launch_and_wait_until("run");
    CHECK(one.tree.has("a/b/main/status"));
    CHECK(one.tree.has("c/d/log/status"));
    CHECK(std::filesystem::status(one.tree.path("a")).permissions() == std::filesystem::perms::owner_all);
}

TEST_CASE("a dangling supervise symlink may have a target longer than 256 bytes", "[bug-24]")
{
    OneService one;
    one.script("run", stay);
    const std::string deep =
        one.tree.path(std::string(120, 'a') + "/" + std::string(120, 'b') + "/" + std::string(120, 'c'));
    std::filesystem::create_directories(deep);
    std::filesystem::create_symlink(deep + "/state", one.directory() + "/supervise");
    one.launch_and_wait_until("run");
    CHECK(std::filesystem::exists(deep + "/state/status"));
}

TEST_CASE("a second runsv in the same directory exits 111 and says why", "[shared]")
{
    OneService one;
    one.script("run", stay);
    one.launch_and_wait_until("run");
    StartSpec spec;
    spec.argv = {program("runsv"), "service"};
    spec.directory = one.tree.path();
    const auto second = run(spec);
    CHECK(second.code == 111);
    CHECK(second.err == "runsv service: fatal: unable to lock supervise/lock: temporary failure\n");
}

TEST_CASE("the lock is a flock, so other programs can ask for it", "[shared]")
{
    OneService one;
    one.script("run", stay);
    one.launch_and_wait_until("run");
    const int lock = ::open((one.directory() + "/supervise/lock").c_str(), O_WRONLY | O_CLOEXEC);
    REQUIRE(lock >= 0);
    CHECK(::flock(lock, LOCK_EX | LOCK_NB) < 0);
    ::close(lock);
}

TEST_CASE("without an argument it prints its usage and exits 1", "[shared]")
{
    const auto finished = run({program("runsv")});
    CHECK(finished.code == 1);
    CHECK(finished.err.rfind("usage: ", 0) == 0);
    CHECK(finished.err.find("runsv dir\n\n") != std::string::npos);
}

TEST_CASE("what runsv opens is closed in services, whatever it was started with stays open", "[shared]")
{
    OneService one;
    one.script("run", "ls /proc/self/fd >fds\n" + stay);
    one.script("log/run", stay);
    one.launch();
    one.wait_for_text("fds", "2\n");
    // ls itself has the directory open as 3; the shell none.
    CHECK(one.read("fds") == "0\n1\n2\n3\n");
}

// Asked of programs that are no shells: some shells open the mask for themselves, and hide what they were given.
TEST_CASE("services and control scripts start with TERM and CHLD open and at their defaults", "[bug-18]")
{
    OneService one;
    for (const char* name : {"run", "control/u", "control/h"}) {
        one.tree.file("service/" + std::string(name), "#!/usr/bin/tail -f\n", 0755);
    }
    one.launch();
    const auto check_child = [&](const std::string& script) {
        pid_t found = 0;
        REQUIRE(eventually([&] {
            for (const pid_t child : children_of(one.runsv->pid())) {
                if (arguments_of(child) == std::vector<std::string>{"/usr/bin/tail", "-f", script}) found = child;
            }
            return found != 0;
        }));
        const auto mine = (1ULL << (SIGTERM - 1)) | (1ULL << (SIGCHLD - 1));
        INFO(script);
        for (const char* field : {"SigBlk", "SigIgn"}) {
            CHECK((std::stoull(proc_field(found, field), nullptr, 16) & mine) == 0);
        }
        return found;
    };
    ::kill(check_child("control/u"), SIGKILL);
    check_child("./run");
    one.control("h");
    check_child("control/h");
}

TEST_CASE("TERM ends the service, waits for its finish and exits 0", "[shared]")
{
    OneService one;
    one.script("run", "trap 'echo asked >>out; exit 0' TERM\necho up >out\nwhile :; do sleep 0.02; done\n");
    one.script("finish", "echo finish >>out\n");
    one.launch();
    one.wait_for_text("out", "up\n");
    one.wait_until("run");
    one.runsv->signal(SIGTERM);
    CHECK(one.runsv->wait().code == 0);
    CHECK(one.read("out") == "up\nasked\nfinish\n");
}

TEST_CASE("a service that ends as its runsv is told to exit is not started again, and nobody says that it is")
{
    for (const bool has_finish : {true, false}) {
        OneService one;
        one.script("run", "echo up >>out\n" + stay);
        if (has_finish) one.script("finish", "echo finish >>out\n");
        StartSpec spec;
        spec.argv = {program("runsv"), "service"};
        spec.directory = one.tree.path();
        spec.environment["RUNSUITE_CONTAINER"] = "1";
        one.runsv = std::make_unique<Process>(spec);
        one.wait_until("run");
        const auto young = std::chrono::steady_clock::now();
        REQUIRE(eventually([&] { return std::chrono::steady_clock::now() - young > 1100ms; }));
        const pid_t service = one.pid();
        one.runsv->signal(SIGSTOP);
        REQUIRE(eventually([&] { return proc_field(one.runsv->pid(), "State").starts_with("T"); }));
        one.runsv->signal(SIGTERM);
        ::kill(service, SIGKILL);
        REQUIRE(eventually([&] { return !is_alive(service); }));
        one.runsv->signal(SIGCONT);  // it hears of both at once
        CHECK(one.runsv->wait().code == 0);
        CHECK(one.read("out") == (has_finish ? "up\nfinish\n" : "up\n"));
        CHECK(one.runsv->err().empty());
    }
}

TEST_CASE("TERM is answered while the second before a restart is waited out", "[bug-16]")
{
    OneService one;
    one.script("run", "echo x >>starts\n");
    one.launch();
    one.wait_for_text("starts", "x\n");
    one.wait_until("down");
    const auto begin = std::chrono::steady_clock::now();
    one.runsv->signal(SIGTERM);
    CHECK(one.runsv->wait().code == 0);
    CHECK(std::chrono::steady_clock::now() - begin < 500ms);
}

TEST_CASE("SIGKILL of a service that has run longer than a second is followed by its next start at once",
          "[shared]")
{
    OneService one;
    one.script("run", stay);
    one.launch_and_wait_until("run");
    const pid_t first = one.pid();
    const auto young = std::chrono::steady_clock::now();
    REQUIRE(eventually([&] { return std::chrono::steady_clock::now() - young > 1100ms; }));
    ::kill(first, SIGKILL);
    const auto begin = std::chrono::steady_clock::now();
    one.wait_for_new_pid(first);
    CHECK(std::chrono::steady_clock::now() - begin < 500ms);
}

TEST_CASE("while it waits for the log's lock nobody takes it for one that obeys")
{
    OneService one;
    one.script("run", stay);
    one.script("log/run", "exec cat >/dev/null");
    one.launch_and_wait_until("run");
    one.runsv->signal(SIGTERM);
    one.runsv->wait();
    const int lock = ::open((one.directory() + "/log/supervise/lock").c_str(), O_WRONLY | O_CLOEXEC);
    REQUIRE(::flock(lock, LOCK_EX | LOCK_NB) == 0);
    one.launch();
    CHECK(always([&] { return !is_supervised(one.directory()); }, 300ms));
    ::close(lock);
    one.wait_until("run");
}

TEST_CASE("a service that a killed runsv has left running is taken over, not started a second time", "[bug-23]")
{
    OneService one;
    one.script("run", "echo x >>starts\n" + stay);
    one.script("log/run", "echo x >>../log-starts\n" + stay);
    one.launch_and_wait_until("run");
    one.wait_for_text("starts", "x\n");
    one.wait_for_text("log-starts", "x\n");
    const pid_t service = one.pid();
    const pid_t log = one.log_pid();
    const auto since = one.record().since;
    one.runsv->signal(SIGKILL);
    one.runsv->wait();
    one.launch_and_wait_until("run");
    CHECK(one.pid() == service);
    CHECK(one.log_pid() == log);
    CHECK(one.record().since == since);
    CHECK(one.read("starts") == "x\n");

    // Its end is noticed, and the next one is a child of the new runsv.
    one.control("t");
    const pid_t next = one.wait_for_new_pid(service);
    CHECK_FALSE(is_alive(service));
    CHECK(proc_field(next, "PPid") == std::to_string(one.runsv->pid()));
    one.wait_for_text("starts", "x\nx\n");
}

TEST_CASE("a service is taken over although its status file is cut or garbage")
{
    for (const std::string status : {"", "short", "twenty bytes, but \xff\xff\xff"}) {
        OneService one;
        one.script("run", "echo x >>starts\n" + stay);
        one.launch_and_wait_until("run");
        one.wait_for_text("starts", "x\n");
        const pid_t service = one.pid();
        const auto since = one.record().since;
        one.runsv->signal(SIGKILL);
        one.runsv->wait();
        one.file("supervise/status", status);
        one.launch_and_wait_until("run");
        CHECK(one.pid() == service);
        CHECK(runsuite::whole_seconds_between(since, one.record().since) <= 1);
        CHECK(one.read("starts") == "x\n");
    }
}

TEST_CASE("a service is taken over as often as its runsv is killed, and pid keeps the time of its start")
{
    OneService one;
    one.script("run", "echo x >>starts\n" + stay);
    one.launch_and_wait_until("run");
    one.wait_for_text("starts", "x\n");
    const pid_t service = one.pid();
    const auto written = std::filesystem::last_write_time(one.directory() + "/supervise/pid");
    const auto moment = std::chrono::steady_clock::now();
    for (const std::string status : {"kept", "cut", "kept"}) {
        one.runsv->signal(SIGKILL);
        one.runsv->wait();
        if (status == "cut") one.file("supervise/status", "cut");
        REQUIRE(eventually([&] { return std::chrono::steady_clock::now() - moment > 1200ms; }));
        one.launch_and_wait_until("run");
        CHECK(one.pid() == service);
        CHECK(std::filesystem::last_write_time(one.directory() + "/supervise/pid") == written);
    }
    CHECK(one.read("starts") == "x\n");
}

TEST_CASE("a service that was told to go down before its runsv was killed stays down when it has ended")
{
    OneService one;
    one.script("run", "echo x >>starts\ntrap '' TERM\nwhile :; do sleep 0.1; done\n");
    one.launch_and_wait_until("run");
    one.wait_for_text("starts", "x\n");
    const pid_t service = one.pid();
    one.control("d");
    one.wait_until("run, got TERM, want down");
    one.runsv->signal(SIGKILL);
    one.runsv->wait();
    one.launch_and_wait_until("run, got TERM, want down");
    CHECK(one.pid() == service);
    one.control("k");
    one.wait_until("down");
    CHECK(one.read("starts") == "x\n");
}

TEST_CASE("a stale pid that belongs to somebody else is not taken over")
{
    OneService one;
    one.script("run", "echo x >>starts\n" + stay);
    one.launch();
    one.wait_for_text("starts", "x\n");
    one.runsv->signal(SIGTERM);
    one.runsv->wait();
    // A record from long ago that names a process which lives: this one.
    StatusRecord stale;
    stale.since = {(1ULL << 62) + 1000000000, 0};
    stale.pid = static_cast<std::uint32_t>(::getpid());
    stale.state = ServiceState::Run;
    const auto bytes = stale.encode();
    one.file("supervise/status", std::string(bytes.begin(), bytes.end()));
    std::filesystem::last_write_time(one.directory() + "/supervise/pid",
                                     std::filesystem::file_time_type::clock::now() - 24h);
    one.launch();
    one.wait_for_text("starts", "x\nx\n");
    one.wait_until("run");
    CHECK(one.pid() != ::getpid());
}

TEST_CASE("it holds eight descriptors at most, twelve with a log service")
{
    for (const bool with_log : {false, true}) {
        OneService one;
        one.script("run", stay);
        if (with_log) one.script("log/run", stay);
        one.launch_and_wait_until("run");
        CHECK(descriptors_of(one.runsv->pid()).size() <= (with_log ? 12u : 8u));
    }
}

TEST_CASE("an idle runsv makes no system call")
{
    OneService one;
    one.script("run", stay);
    one.script("log/run", stay);
    one.launch_and_wait_until("run");
    const auto switches = [&] { return proc_field(one.runsv->pid(), "voluntary_ctxt_switches"); };
    const auto stay_the_same = [&](std::chrono::milliseconds span) {
        const std::string before = switches();
        return always([&] { return switches() == before; }, span);
    };
    REQUIRE(eventually([&] { return stay_the_same(50ms); }));
    CHECK(stay_the_same(1500ms));
}
