// The kernel says no: runsv goes on, says so, and is whole again when the cause is gone.
#include <csignal>

#include "scenario/runsv_fixture.hpp"
#include "support/strace.hpp"

using namespace scenario;

namespace {

const std::string forks = "?fork,?vfork,?clone,?clone3";

void launch_failing(OneService& one, const std::string& calls, const std::string& how)
{
    StartSpec spec;
    spec.argv = {program("runsv"), "service"};
    spec.directory = one.tree.path();
    one.runsv = std::make_unique<Process>(with_failing(spec, calls, how));
}

}  // namespace

TEST_CASE("a failed fork for run is told and tried again a second later")
{
    if (!has_strace()) return;
    OneService one;
    one.script("run", stay);
    launch_failing(one, forks, "error=EAGAIN:when=1..2");
    one.wait_until("run");
    CHECK(one.runsv->err() ==
          "runsv service: warning: unable to fork for ./run: temporary failure\n"
          "runsv service: warning: unable to fork for ./run: temporary failure\n");
    one.runsv->signal(SIGTERM);
    CHECK(one.runsv->wait().code == 0);
}

TEST_CASE("a failed fork for finish is tried again: no finish is left out")
{
    if (!has_strace()) return;
    OneService one;
    one.script("run", "exec sleep 1000\n");
    one.script("finish", "echo finish >>out\n");
    launch_failing(one, forks, "error=ENOMEM:when=2");
    one.wait_until("run");
    one.control("d");
    one.wait_for_text("out", "finish\n");
    one.wait_until("down");
    CHECK(one.runsv->err() == "runsv service: warning: unable to fork for ./finish: out of memory\n");
}

TEST_CASE("a control script that cannot be forked counts as failed: its signal is sent")
{
    if (!has_strace()) return;
    OneService one;
    one.script("run", "exec sleep 1000\n");
    one.script("control/t", "echo asked >>out\n");
    launch_failing(one, forks, "error=EAGAIN:when=2");
    one.wait_until("run");
    const pid_t first = one.pid();
    one.control("t");
    one.wait_for_new_pid(first);
    CHECK_FALSE(one.tree.has("service/out"));
}

TEST_CASE("commands are answered within milliseconds while no process can be made")
{
    if (!has_strace()) return;
    OneService one;
    one.script("run", stay);
    launch_failing(one, forks, "error=EAGAIN");
    REQUIRE(eventually([&] { return !one.runsv->err().empty(); }));
    const auto begin = std::chrono::steady_clock::now();
    one.control("x");
    CHECK(one.runsv->wait().code == 0);
    CHECK(std::chrono::steady_clock::now() - begin < 500ms);
}

TEST_CASE("without hard links ok is a fifo of its own, and still tells the living from the dead")
{
    if (!has_strace()) return;
    OneService one;
    one.script("run", stay);
    launch_failing(one, "?link,?linkat", "error=EPERM");
    one.wait_until("run");
    CHECK(is_supervised(one.directory()));
    one.runsv->signal(SIGKILL);
    one.runsv->wait();
    CHECK_FALSE(is_supervised(one.directory()));
}

TEST_CASE("a state that cannot be written is told once and written as soon as it can be")
{
    if (!has_strace()) return;
    for (const std::string code : {"ENOSPC", "EIO", "EROFS", "EMFILE"}) {
        OneService one;
        one.script("run", stay);
        one.launch_and_wait_until("run");
        const pid_t first = one.pid();
        StartSpec tracing;
        tracing.argv = {"strace", "-qq",
                        "-o",     "/dev/null",
                        "-e",     "signal=none",
                        "-e",     "trace=?rename,?renameat,?renameat2",
                        "-e",     "inject=?rename,?renameat,?renameat2:error=" + code,
                        "-p",     std::to_string(one.runsv->pid())};
        Process blocker{tracing};
        REQUIRE(eventually([&] { return proc_field(one.runsv->pid(), "TracerPid") != "0"; }));
        one.control("t");
        // Reaped, not only dead: a SIGCHLD that is on its way when strace(1) lets go is lost.
        REQUIRE(eventually([&] { return ::kill(first, 0) < 0; }));
        REQUIRE(eventually([&] { return !one.runsv->err().empty(); }));
        blocker.signal(SIGTERM);
        blocker.wait();
        one.wait_for_new_pid(first);
        one.wait_until("run");
        CHECK(lines_in(one.runsv->err()) == 1);
    }
}

TEST_CASE("start-up that fails for want of descriptors or memory is fatal, in one line")
{
    if (!has_strace()) return;
    struct Row {
        const char* calls;
        const char* how;
    };
    for (const Row row : {Row{"?pipe,?pipe2", "error=EMFILE"}, Row{"?mkdir,?mkdirat", "error=EACCES"},
                          Row{"?mknod,?mknodat", "error=ENOSPC"}, Row{"flock", "error=ENOLCK"}}) {
        OneService one;
        one.script("run", stay);
        one.script("log/run", stay);
        launch_failing(one, row.calls, row.how);
        CHECK(one.runsv->wait().code == 111);
        INFO(row.calls << ": " << one.runsv->err());
        CHECK(lines_in(one.runsv->err()) == 1);
        CHECK(one.runsv->err().rfind("runsv service: fatal: unable to ", 0) == 0);
    }
}

TEST_CASE("a hundred restarts leave no descriptor open")
{
    OneService one;
    one.script("run", "echo x >>starts\n" + stay);
    one.script("finish", "exit 0\n");
    one.script("control/t", "exit 1\n");
    one.script("log/run", "exec cat >/dev/null\n");
    one.launch_and_wait_until("run");
    const auto before = descriptors_of(one.runsv->pid()).size();
    for (int round = 0; round < 100; ++round) {
        const pid_t pid = one.pid();
        one.control("tcu");
        one.wait_for_new_pid(pid);
    }
    one.wait_until("run");
    CHECK(descriptors_of(one.runsv->pid()).size() == before);
}
