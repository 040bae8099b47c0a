// The kernel says no: runsv goes on, says so, and is whole again when the cause is gone.
#include <fcntl.h>
#include <unistd.h>

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

TEST_CASE("a failed fork for run is told once and tried again every second")
{
    if (!has_strace()) return;
    OneService one;
    one.script("run", stay);
    launch_failing(one, forks, "error=EAGAIN:when=1..2");
    one.wait_until("run");
    CHECK(one.runsv->err() == "runsv service: warning: unable to fork for ./run: temporary failure\n");
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

TEST_CASE("a service finds its runsv from its first moment, and its log does too")
{
    if (!has_strace()) return;
    OneService one;
    const std::string ask = program("sv") + " status " + one.directory();
    one.script("run", ask + " >>told\n" + stay);
    one.script("log/run", ask + "/log >>../told\n" + stay);
    // Were anything started before the state is there, it would look long before.
    launch_failing(one, "?link,?linkat", "delay_enter=300000");
    REQUIRE(eventually([&] { return lines_in(one.read("told")) == 2; }));
    INFO(one.read("told"));
    CHECK(one.read("told").find("unable") == std::string::npos);
    CHECK(one.read("told").find("not running") == std::string::npos);
}

TEST_CASE("a pipe that cannot be watched when its log is switched off is watched a second later")
{
    if (!has_strace()) return;
    OneService one;
    one.script("run",
               "i=0\nwhile [ $i -lt 20000 ]; do i=$((i+1)); echo line $i; done\necho done >written\n" + stay);
    one.script("log/run", stay);
    one.file("log/down", "");
    launch_failing(one, "epoll_create1", "error=EMFILE:when=1");
    one.wait_for_text("written", "done\n");
    CHECK(one.runsv->err() ==
          "runsv service: warning: unable to watch a pipe: process cannot open more files\n"
          "runsv service: warning: log is down: the oldest output is thrown away\n");
}

TEST_CASE("a full pipe that somebody else empties while it is relieved keeps nothing waiting")
{
    if (!has_strace()) return;
    OneService one;
    one.script("run", "head -c 30000 /dev/zero\necho done >written\n" + stay);
    one.script("log/run", stay);
    one.file("log/down", "");
    launch_failing(one, "read", "delay_enter=200000");  // between the look at the pipe and the read
    one.wait_for_text("written", "done\n");
    const int other = ::open((one.directory() + "/supervise/output").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(other >= 0);
    char bytes[4096];
    CHECK(always(
        [&] {
            while (::read(other, bytes, sizeof bytes) > 0) continue;
            return true;
        },
        500ms));
    ::close(other);
    one.runsv->signal(SIGTERM);
    CHECK(one.runsv->wait().code == 0);
}

TEST_CASE("a state that cannot be written is told once and written as soon as it can be")
{
    if (!has_strace()) return;
    for (const std::string code : {"ENOSPC", "EIO", "EROFS", "EMFILE"}) {
        OneService one;
        one.script("run", stay);
        one.launch_and_wait_until("run");
        const pid_t first = one.pid();
        {
            const Blocker blocker{one.runsv->pid(), "?rename,?renameat,?renameat2", code};
            one.control("t");
            // Reaped, not only dead: a SIGCHLD that is on its way when strace(1) lets go is lost.
            REQUIRE(eventually([&] { return ::kill(first, 0) < 0; }));
            REQUIRE(eventually([&] { return !one.runsv->err().empty(); }));
        }
        one.wait_for_new_pid(first);
        one.wait_until("run");
        CHECK(lines_in(one.runsv->err()) == 1);
    }
}

TEST_CASE("with every open failing for a while the service is supervised on, and its state is written afterwards")
{
    if (!has_strace()) return;
    OneService one;
    one.script("run", "echo x >>starts\n" + stay);
    one.script("finish", "echo finish >>out\n");
    one.script("log/run", "exec cat >/dev/null\n");
    one.launch_and_wait_until("run");
    one.wait_for_text("starts", "x\n");
    const pid_t first = one.pid();
    const auto open = descriptors_of(one.runsv->pid()).size();
    {
        const Blocker blocker{one.runsv->pid(), "?open,openat", "EMFILE"};
        one.control("tdu");  // whatever may be told is obeyed, without a descriptor
        one.wait_for_text("starts", "x\nx\n");
        one.wait_for_text("out", "finish\n");
        REQUIRE(eventually([&] { return ::kill(first, 0) < 0; }));
        REQUIRE(eventually([&] { return !one.runsv->err().empty(); }));
        CHECK(one.pid() == first);  // as it was: whole
    }
    one.wait_for_new_pid(first);
    one.wait_until("run");
    CHECK(one.read("starts") == "x\nx\n");
    // Once of the state, and once of deaths.
    CHECK(lines_in(one.runsv->err()) == 2);
    for (const std::string file : {"supervise/deaths", "supervise/"}) {
        CHECK(one.runsv->err().find("runsv service: warning: unable to write " + file) != std::string::npos);
    }
    CHECK(one.runsv->err().find(": process cannot open more files\n") != std::string::npos);
    CHECK(eventually([&] { return descriptors_of(one.runsv->pid()).size() == open; }));
}

TEST_CASE("start-up that fails for want of descriptors or memory is fatal, in one line")
{
    if (!has_strace()) return;
    struct Row {
        const char* calls;
        const char* how;
    };
    for (const Row row : {Row{"?mkdir,?mkdirat", "error=EACCES"}, Row{"?mknod,?mknodat", "error=ENOSPC"},
                          Row{"flock", "error=ENOLCK"}}) {
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

TEST_CASE("every open in turn may fail at the start: it is fatal in one line, or the service runs")
{
    if (!has_strace()) return;
    for (int failing = 1; failing <= 14; ++failing) {
        OneService one;
        one.script("run", stay);
        one.script("log/run", stay);
        launch_failing(one, "?open,openat", "error=EMFILE:when=" + std::to_string(failing));
        CHECK(eventually([&] { return !one.runsv->is_running() || one.stat() == "run"; }));
        const std::string err = one.runsv->err();
        INFO("the open that failed: " << failing << ", stderr: " << err);
        CHECK(lines_in(err) <= 1);
        const bool is_ours = err.find("error while loading shared libraries") == std::string::npos;
        if (one.runsv->is_running()) {
            one.wait_until("run");
        } else if (is_ours) {
            CHECK(one.runsv->wait().code == 111);
            CHECK(err.rfind("runsv service: fatal: unable to ", 0) == 0);
        }
    }
}

TEST_CASE("while events cannot be waited for it neither spins nor floods, and is obeyed all the same")
{
    if (!has_strace()) return;
    OneService one;
    one.script("run", stay);
    one.script("log/run", "exec cat >/dev/null\n");
    launch_failing(one, "ppoll", "error=ENOMEM");
    one.wait_until("run");
    const pid_t first = one.pid();
    const auto turns = [&] { return std::stol(proc_field(one.runsv->pid(), "voluntary_ctxt_switches")); };
    const long before = turns();
    CHECK(always([&] { return is_alive(first); }, 1000ms));
    CHECK(turns() - before < 1000);  // each call stops for strace(1) a few times
    one.control("tcu");
    one.wait_for_new_pid(first);
    one.wait_until("run");
    CHECK(one.runsv->err() == "runsv service: warning: unable to wait for events: out of memory\n");
    one.runsv->signal(SIGTERM);
    CHECK(one.runsv->wait().code == 0);
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
