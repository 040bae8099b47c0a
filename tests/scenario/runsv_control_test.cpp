#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>

#include "runsv_fixture.hpp"

using namespace scenario;

namespace {

// Writes the name of every signal it gets, and goes on.
const std::string tell_signals =
    "for s in HUP ALRM INT QUIT USR1 USR2 TERM CONT; do trap \"echo $s >>signals\" $s; done\n"
    "echo ready >>signals\n"
    "while :; do sleep 0.01; done\n";

}  // namespace

TEST_CASE("each control byte sends its signal", "[shared]")
{
    OneService one;
    one.script("run", tell_signals);
    one.launch();
    one.wait_for_text("signals", "ready");
    const std::pair<const char*, const char*> table[] = {{"h", "HUP"},  {"a", "ALRM"}, {"i", "INT"},
                                                         {"q", "QUIT"}, {"1", "USR1"}, {"2", "USR2"},
                                                         {"t", "TERM"}, {"c", "CONT"}};
    for (const auto& [byte, name] : table) {
        one.control(byte);
        one.wait_for_text("signals", name);
    }
    one.control("k");
    one.wait_for_text("signals", "ready\nHUP\nALRM\nINT\nQUIT\nUSR1\nUSR2\nTERM\nCONT\nready\n");
}

TEST_CASE("pause stops the service and shows, cont lets it go on", "[shared]")
{
    OneService one;
    one.script("run", stay);
    one.launch_and_wait_until("run");
    one.control("p");
    one.wait_until("run, paused");
    CHECK(one.record().paused);
    CHECK(eventually([&] { return proc_field(one.pid(), "State").substr(0, 1) == "T"; }));
    one.control("c");
    one.wait_until("run");
    CHECK(eventually([&] { return proc_field(one.pid(), "State").substr(0, 1) == "S"; }));
}

TEST_CASE("pause is forgotten with the process", "[bug-20]")
{
    OneService one;
    one.script("run", stay);
    one.launch_and_wait_until("run");
    one.control("pd");
    one.wait_until("down");
    CHECK_FALSE(one.record().paused);
    one.control("p");
    one.control("u");
    one.wait_until("run");
}

TEST_CASE("a pause that control/p kept back does not show", "[bug-20]")
{
    OneService one;
    one.script("run", "trap 'echo usr1 >>out' USR1\necho up >>out\nwhile :; do sleep 0.02; done\n");
    one.script("control/p", "echo p >>asked\n");
    one.launch();
    one.wait_for_text("out", "up");
    one.wait_until("run");
    one.control("p1");
    one.wait_for_text("out", "usr1");
    CHECK(one.read("asked") == "p\n");
    CHECK(one.stat() == "run");
    CHECK_FALSE(one.record().paused);
}

TEST_CASE("a TERM that is ignored shows as got TERM, with want down", "[shared]")
{
    OneService one;
    one.script("run", "trap '' TERM\necho up >out\nwhile :; do sleep 0.02; done\n");
    one.launch();
    one.wait_for_text("out", "up");
    one.wait_until("run");
    one.control("t");
    one.wait_until("run, got TERM");
    CHECK(one.record().term_sent);
    one.control("d");
    one.wait_until("run, got TERM, want down");
    one.control("x");
    one.wait_until("run, got TERM, want exit");
    CHECK(one.record().want == Want::Down);
    one.control("k");
    CHECK(one.runsv->wait().code == 0);
}

TEST_CASE("control scripts run in the service directory, without arguments, and 0 keeps the signal back",
          "[shared]")
{
    OneService one;
    one.script("run", tell_signals);
    one.script("control/h", "echo \"$# $PWD\" >>asked\n");
    one.script("control/a", "exit 1\n");
    one.launch();
    one.wait_for_text("signals", "ready");
    one.control("ha");
    one.wait_for_text("signals", "ALRM");
    CHECK(one.read("asked") == "0 " + one.directory() + "\n");
    CHECK(one.read("signals") == "ready\nALRM\n");
}

TEST_CASE("down asks control/t, then control/d, and exit asks control/t, then control/x", "[shared]")
{
    for (const std::string last : {"d", "x"}) {
        OneService one;
        one.script("run", stay);
        for (const std::string name : {"t", "c", "d", "x"}) {
            one.script("control/" + name, "echo " + name + " >>asked\nexit 1\n");
        }
        one.launch_and_wait_until("run");
        one.control(last);
        one.wait_for_text("asked", "t\n" + last + "\n");
        CHECK(one.read("asked") == "t\n" + last + "\n");
    }
}

TEST_CASE("control/u runs before every start", "[shared]")
{
    OneService one;
    one.script("control/u", "echo u >>order\nexit 1\n");
    one.script("run", "echo run >>order\n" + stay);
    one.launch();
    one.wait_for_text("order", "u\nrun\n");
    one.wait_until("run");
    const pid_t first = one.pid();
    ::kill(first, SIGKILL);
    one.wait_for_text("order", "u\nrun\nu\nrun\n");
}

TEST_CASE("a kill that control/k kept back leaves one process, and it is shown as running", "[bug-19]")
{
    OneService one;
    one.script("run",
               "echo x >>starts\ntrap 'echo usr1 >>out' USR1\necho up >>out\nwhile :; do sleep 0.02; done\n");
    one.script("control/k", "echo k >>asked\n");
    one.launch();
    one.wait_for_text("out", "up");
    one.wait_until("run");
    const pid_t pid = one.pid();
    one.control("ku1");
    one.wait_for_text("out", "usr1");
    CHECK(one.read("asked") == "k\n");
    CHECK(one.stat() == "run");
    CHECK(one.pid() == pid);
    CHECK(one.read("starts") == "x\n");
}

TEST_CASE("a control script that hangs does not keep a dead service or its log from being restarted", "[bug-17]")
{
    OneService one;
    one.script("run", stay);
    one.script("log/run", stay);
    one.script("control/h", "echo x >asked\nexec sleep 1000\n");
    one.launch_and_wait_until("run");
    one.control("h");
    one.wait_for_text("asked", "x");
    const pid_t first = one.pid();
    const pid_t log = one.log_pid();
    ::kill(first, SIGKILL);
    ::kill(log, SIGKILL);
    one.wait_for_new_pid(first);
    CHECK(eventually([&] { return one.log_pid() != 0 && one.log_pid() != log; }));
}

TEST_CASE("TERM does not wait for a control script that hangs, and obeys what was written before it", "[bug-17]")
{
    OneService one;
    one.script("run",
               "trap '' HUP\ntrap 'echo usr1 >>out' USR1\ntrap 'echo term >>out; exit' TERM\necho up >>out\n"
               "while :; do sleep 0.02; done\n");
    one.script("control/h", "echo x >asked\nexec sleep 1000\n");
    one.launch();
    one.wait_for_text("out", "up");
    one.wait_until("run");
    one.control("h");
    one.wait_for_text("asked", "x");
    one.control("u1");
    one.runsv->signal(SIGTERM);
    CHECK(one.runsv->wait().code == 0);
    CHECK(one.read("out") == "up\nusr1\nterm\n");
}

TEST_CASE("TERM does not wait for a control/u that hangs")
{
    OneService one;
    one.script("run", stay);
    one.script("control/u", "echo x >asked\nexec sleep 1000\n");
    one.launch();
    one.wait_for_text("asked", "x");
    one.runsv->signal(SIGTERM);
    CHECK(one.runsv->wait().code == 0);
}

TEST_CASE("however many commands are in the fifo, all are obeyed in order")
{
    OneService one;
    one.script("run", "echo x >>starts\n" + stay);
    one.script("control/1", "exec sleep 0.2\n");
    one.launch_and_wait_until("run");
    one.wait_for_text("starts", "x\n");
    one.control("1");
    std::string many;
    for (int round = 0; round < 2000; ++round) many += "pc";
    one.control(many + "1h");
    one.wait_for_text("starts", "x\nx\n");
    one.wait_until("run");
    CHECK(one.read("starts") == "x\nx\n");
}

TEST_CASE("64 KiB of garbage on the control fifo change nothing, and TERM is answered meanwhile")
{
    OneService one;
    one.script("run", stay);
    one.launch_and_wait_until("run");
    const pid_t pid = one.pid();
    std::string garbage;
    const std::string letters = "udoxpchaiq12tk";
    for (int byte = 0; garbage.size() < 65000; byte = (byte + 1) % 256) {
        if (letters.find(static_cast<char>(byte)) == std::string::npos) garbage += static_cast<char>(byte);
    }
    one.control(garbage);
    one.control("p");
    one.wait_until("run, paused");
    CHECK(one.pid() == pid);
    one.control("c");
    one.wait_until("run");
    one.control(garbage);
    one.runsv->signal(SIGTERM);
    CHECK(one.runsv->wait(2000ms).code == 0);
}

TEST_CASE("a restart of a service that is young is not put off by the one-second rule")
{
    OneService one;
    one.script("run", stay);
    one.launch_and_wait_until("run");
    const pid_t first = one.pid();
    const auto begin = std::chrono::steady_clock::now();
    one.control("tcu");
    one.wait_for_new_pid(first);
    CHECK(std::chrono::steady_clock::now() - begin < 800ms);
}

TEST_CASE("x on a service that is down exits at once, with a log too", "[shared]")
{
    for (const bool with_log : {false, true}) {
        OneService one;
        one.script("run", stay);
        one.file("down", "");
        if (with_log) one.script("log/run", "exec cat >/dev/null\n");
        one.launch_and_wait_until("down");
        one.control("x");
        CHECK(one.runsv->wait().code == 0);
    }
}

TEST_CASE("k ends a finish that hangs, and is asked of no script")
{
    OneService one;
    one.script("run", stay);
    one.script("finish", "trap '' TERM INT HUP\necho $$ >>finishes\nwhile :; do sleep 0.02; done\n");
    one.script("control/k", "echo asked >>asked\n");
    one.launch_and_wait_until("run");
    one.control("d");
    one.wait_for_text("finishes", "\n");
    one.wait_until("finish, want down");
    one.control("t");
    CHECK(always([&] { return one.stat() == "finish, want down"; }, 100ms));
    one.control("k");
    one.wait_until("down");
    CHECK(lines_in(one.read("finishes")) == 1);
    CHECK_FALSE(one.tree.has("service/asked"));
}

TEST_CASE("k ends a control script that hangs, which counts as failed, and is obeyed in its turn")
{
    OneService one;
    one.script("run", "trap 'echo term >>out' TERM\necho up >>out\nwhile :; do sleep 0.02; done\n");
    one.script("control/t", "echo asked >>out\nexec sleep 1000\n");
    one.launch();
    one.wait_for_text("out", "up\n");
    one.wait_until("run");
    const pid_t first = one.pid();
    one.control("t");
    one.wait_for_text("out", "asked\n");
    one.control("h");
    CHECK(always([&] { return is_alive(first) && one.stat() == "run"; }, 100ms));
    one.control("k");
    one.wait_for_new_pid(first);
    CHECK(one.read("out").starts_with("up\nasked\n"));
    CHECK_FALSE(is_alive(first));
}

TEST_CASE("k ends a control/u that hangs, and is obeyed when run has been started")
{
    OneService one;
    one.script("run", "echo up >>out\n" + stay);
    one.script("control/u", "echo asked >>out\n[ -e let ] || exec sleep 1000\n");
    one.launch();
    one.wait_for_text("out", "asked\n");
    one.file("let", "");
    one.control("k");
    // The first ./run may be killed before it has said anything.
    REQUIRE(eventually([&] {
        const std::string out = one.read("out");
        return out == "asked\nup\nasked\nup\n" || out == "asked\nasked\nup\n";
    }));
}

TEST_CASE("what waits behind a control script stays in the fifo while it is looked at")
{
    OneService one;
    one.script("run", stay);
    one.script("control/h", "echo asked >>out\nwhile [ ! -e let ]; do sleep 0.02; done\n");
    one.script("control/1", "echo one >>out\n");
    one.launch_and_wait_until("run");
    one.control("h");
    one.wait_for_text("out", "asked\n");
    const int control =
        ::open((one.directory() + "/supervise/control").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(control >= 0);
    for (int size = 1; size <= 3; ++size) {
        REQUIRE(::write(control, "1", 1) == 1);
        int waiting = 0;
        CHECK(always([&] { return ::ioctl(control, FIONREAD, &waiting) == 0 && waiting == size; }, 50ms));
    }
    ::close(control);
    one.file("let", "");
    one.wait_for_text("out", "asked\none\none\none\n");
}
