// What runit does from boot to end, as process 1 of a container.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "container/machine.hpp"

using namespace machine;

namespace {

unsigned mode_of(const std::string& path)
{
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 07777U : ~0U;
}

std::chrono::milliseconds since(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
}

const std::string boots = "- runit: runsuite " RUNSUITE_VERSION
                          ": booting.\n"
                          "- runit: enter stage: /etc/runit/1\n";
const std::string ends =
    "- runit: leave stage: /etc/runit/3\n"
    "- runit: sending KILL signal to all processes...\n";

}  // namespace

TEST_CASE("a terminal that takes no more, or only a part of a line, keeps runit waiting for nothing")
{
    if (!can_have_namespaces()) return;
    const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE((terminal >= 0 && ::grantpt(terminal) == 0 && ::unlockpt(terminal) == 0));
    const std::string name = ::ptsname(terminal);
    const int full = ::open(name.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    REQUIRE(full >= 0);
    Machine machine;
    machine.stage("ctrlaltdel", "echo x >>$T/pressed");
    machine.stage("2", "echo two >>$T/done; exec sleep 1000000");
    machine.boot(Machine::Right::None, {"sh", "-c", "exec \"$0\" 2>" + name});
    REQUIRE(eventually([&] { return machine.tree.read("done") == "two\n"; }));
    const std::string block(512, 'x');
    for (std::size_t presses = 1; presses <= 40; ++presses) {
        while (::write(full, block.data(), block.size()) > 0) continue;
        char some[400];
        REQUIRE(::read(terminal, some, 10 * presses) > 0);
        // Again and again: while the script of the press before is still there, another one is not taken.
        const auto pressed = machine.tree.read("pressed").size();
        REQUIRE(eventually([&] {
            ::kill(machine.first(), SIGINT);
            return machine.tree.read("pressed").size() > pressed;
        }));
    }
    ::kill(machine.first(), SIGPWR);
    CHECK(machine.outside->wait().code == 0);
    ::close(full);
    ::close(terminal);
}

TEST_CASE("a container boots through its stages, and without the right to end a machine runit exits and says so")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.stage("1", "echo one >>$T/done");
    machine.stage("2", "echo two >>$T/done; exec sleep 1000000");
    machine.stage("3", "echo three >>$T/done");
    machine.boot();
    REQUIRE(eventually([&] { return machine.tree.read("done") == "one\ntwo\n"; }));
    CHECK(machine.stop().code == 0);
    CHECK(machine.tree.read("done") == "one\ntwo\nthree\n");
    CHECK(machine.said() == boots +
                                "- runit: leave stage: /etc/runit/1\n"
                                "- runit: enter stage: /etc/runit/2\n"
                                "- runit: shutdown request...\n"
                                "- runit: leave stage: /etc/runit/2\n"
                                "- runit: enter stage: /etc/runit/3\n" +
                                ends +
                                "- runit: power off...\n"
                                "- runit: no right to end the machine, as in a container: exit 0.\n");
    CHECK(contains(machine.outside->err(), "booting. ["));
    CHECK(contains(machine.outside->err(), " s]\n"));
}

TEST_CASE("with the right to end it, the kernel ends the container, by INT or, for a reboot, by HUP")
{
    if (!can_have_namespaces()) return;
    for (const bool is_reboot : {false, true}) {
        Machine machine;
        machine.boot(Machine::Right::Reboot);
        machine.wait_for("enter stage: /etc/runit/2");
        if (is_reboot) machine.set("reboot");
        CHECK(machine.stop().signal == (is_reboot ? SIGHUP : SIGINT));
        CHECK(contains(machine.said(), is_reboot ? "system reboot.\n" : "power off...\n"));
    }
}

TEST_CASE("a reboot that is not possible exits 129")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.stage("2", "$INIT 6; exec sleep 1000000");
    machine.boot();
    CHECK(machine.outside->wait().code == 129);
    CHECK(contains(machine.said(), "system reboot.\n"));
    CHECK(mode_of(machine.tree.path("etc/stopit")) == 0);
    CHECK(mode_of(machine.tree.path("etc/reboot")) == 0100);
}

TEST_CASE("init 0 takes an earlier reboot back, and makes the flag that is missing")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.set("reboot");
    machine.stage("2", "$INIT 0; exec sleep 1000000");
    machine.boot();
    CHECK(machine.outside->wait().code == 0);
    CHECK(mode_of(machine.tree.path("etc/stopit")) == 0);
    CHECK(mode_of(machine.tree.path("etc/reboot")) == 0);
}

TEST_CASE("as process 1, init becomes runit")
{
    if (!can_have_namespaces()) return;
    for (const auto& [word, code] : {std::pair{"0", 0}, std::pair{"6", 129}}) {
        Machine machine;
        machine.stage("2", "touch $T/up; exec sleep 1000000");
        // An init that was started with arguments, as a kernel does with those that it does not know.
        machine.boot(Machine::Right::None,
                     {"sh", "-c", "mount -t tmpfs none /sbin && cp $0 /sbin/ && exec $INIT quiet single"});
        machine.wait_for_file("up");
        CHECK(arguments_of(machine.first()) == std::vector<std::string>{"/sbin/runit"});
        // Killed it is where the end of the machine, which ends everybody, comes before its own.
        const int told =
            run({"nsenter", "-t", std::to_string(machine.first()), "-p", "-m", ours("runit-init"), word}).code;
        CHECK((told == 0 || told == -1));
        CHECK(machine.outside->wait().code == code);
        CHECK(contains(machine.said(), boots));
    }
}

TEST_CASE("as process 1, init that cannot become runit says so and becomes a shell")
{
    if (!can_have_namespaces()) return;
    const std::string there = "mount -t tmpfs none /sbin; exec " + ours("runit-init");
    const auto shell = run({"unshare", "-pfm", "--mount-proc", "sh", "-c", there});
    CHECK(shell.code == 0);
    CHECK(shell.err == "init: fatal: unable to run /sbin/runit: file does not exist\n");
}

TEST_CASE("init with other arguments prints its usage and exits 0")
{
    for (const std::string word : {"", "1", "06", "60"}) {
        const auto finished = run({ours("runit-init"), word});
        CHECK(finished.code == 0);
        CHECK(finished.err == "usage: " + ours("runit-init") + " 0|6\n\n");
    }
}

TEST_CASE("runit that is not process 1 exits 111 with the reason")
{
    const auto finished = run({ours("runit")});
    CHECK(finished.code == 111);
    CHECK(finished.err == "- runit: fatal: must be run as process no 1.\n");
}

TEST_CASE("CONT without stopit stops nothing, PWR does, and others do nothing")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.boot();
    machine.wait_for("enter stage: /etc/runit/2");
    for (const int number : {SIGCONT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2}) machine.signal(number);
    machine.signal(SIGINT);
    machine.wait_for("- runit: warning: ctrl-alt-del does nothing: /etc/runit/ctrlaltdel: file does not exist\n");
    CHECK_FALSE(contains(machine.said(), "leave stage: /etc/runit/2"));
    machine.signal(SIGPWR);
    CHECK(machine.outside->wait().code == 0);
}

TEST_CASE("stopit is cleared by a CONT that comes together with a PWR, or the next life would obey it")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.boot();
    machine.wait_for("enter stage: /etc/runit/2");
    machine.set("stopit");
    // Nothing is delivered before the CONT.
    for (const int number : {SIGSTOP, SIGPWR, SIGCONT}) machine.signal(number);
    CHECK(machine.outside->wait().code == 0);
    CHECK(mode_of(machine.tree.path("etc/stopit")) == 0);
}

TEST_CASE("what is asked in stage 1 is refused, and stopit stays")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.stage("1", "$INIT 0; while ! [ -e $T/go ]; do sleep 0.01; done; chmod 0 /etc/runit/stopit");
    machine.boot();
    machine.wait_for("- runit: warning: signals only work in stage 2.\n");
    CHECK(mode_of(machine.tree.path("etc/stopit")) == 0100);
    machine.tree.file("go", "");
    machine.wait_for("enter stage: /etc/runit/2");
    CHECK(machine.stop().code == 0);
}

TEST_CASE("ctrl-alt-del runs its script, and a stop that it sets is obeyed")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.stage("ctrlaltdel", "touch $T/pressed /etc/runit/stopit; chmod 100 /etc/runit/stopit");
    machine.boot();
    machine.wait_for("enter stage: /etc/runit/2");
    machine.signal(SIGINT);
    CHECK(machine.outside->wait().code == 0);
    CHECK(machine.tree.has("pressed"));
    CHECK(contains(machine.said(),
                   "- runit: ctrl-alt-del request...\n"
                   "- runit: enter stage: /etc/runit/ctrlaltdel\n"
                   "- runit: leave stage: /etc/runit/ctrlaltdel\n"
                   "- runit: shutdown request...\n"));
}

TEST_CASE("a stage 2 that is killed comes back, with nothing left of the old one")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.stage("2",
                  "echo $$ >>$T/twos; sh -c 'trap \"\" TERM HUP; while :; do sleep 0.01; done' &\n"
                  "[ -e $T/again ] && exec sleep 1000000\n"
                  "touch $T/again; kill -KILL $$");
    machine.boot();
    machine.wait_for("- runit: warning: restarting.\n- runit: enter stage: /etc/runit/2\n");
    machine.wait_for(
        "- runit: warning: child crashed: /etc/runit/2 (killed 9)\n"
        "- runit: warning: killing all processes in stage 2...\n");
    REQUIRE(eventually([&] { return machine.tree.read("twos").size() >= 4; }));
    CHECK(eventually([&] { return children_of(machine.first()).size() == 1; }));
    CHECK(machine.stop().code == 0);
}

TEST_CASE("a stage 1 that crashes or exits 100 skips stage 2, and the container fails")
{
    if (!can_have_namespaces()) return;
    for (const std::string end : {"kill -SEGV $$", "exit 100"}) {
        Machine machine;
        machine.stage("1", end);
        machine.boot();
        CHECK(machine.outside->wait().code == 111);
        CHECK(contains(machine.said(),
                       "- runit: leave stage: /etc/runit/1\n"
                       "- runit: warning: skipping stage 2...\n"
                       "- runit: enter stage: /etc/runit/3\n"));
        CHECK_FALSE(contains(machine.said(), "enter stage: /etc/runit/2"));
    }
}

TEST_CASE("orphans are reaped in every stage")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    for (const std::string name : {"1", "2", "3"}) {
        machine.stage(name,
                      "i=0; while [ $i -lt 300 ]; do (true &); i=$((i + 1)); done\n"
                      "touch $T/made" +
                          name + "; while ! [ -e $T/go" + name + " ]; do sleep 0.01; done");
    }
    machine.boot();
    for (const std::string name : {"1", "2", "3"}) {
        machine.wait_for_file("made" + name);
        CHECK(eventually([&] { return children_of(machine.first()).size() == 1; }));
        machine.tree.file("go" + name, "");
    }
    CHECK(machine.outside->wait().code == 0);
}

TEST_CASE("a stage 2 that ignores TERM is killed when the grace that is set is over")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.tree.file("etc/grace", "1\n");
    machine.stage("2", "trap '' TERM; touch $T/deaf; while :; do sleep 0.01; done");
    machine.boot();
    machine.wait_for_file("deaf");
    const auto start = std::chrono::steady_clock::now();
    CHECK(machine.stop().code == 0);
    CHECK(since(start) >= 1s);
    CHECK(contains(machine.said(), "- runit: warning: stage 2 not terminated, sending sigkill...\n"));
}

TEST_CASE("a grace that is no number is said, and is five seconds")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.tree.file("etc/grace", "soon\n");
    machine.boot();
    machine.wait_for("enter stage: /etc/runit/2");
    CHECK(machine.stop().code == 0);
    CHECK(contains(machine.said(),
                   "- runit: warning: no number of seconds in /etc/runit/grace: invalid argument\n"));
}

TEST_CASE("processes that are left after stage 3 are killed, and nothing waits longer than for that")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.stage("2",
                  "for i in 1 2 3 4 5; do setsid sh -c 'trap \"\" TERM HUP; exec sleep 1000000' & done\n"
                  "touch $T/up; exec sleep 1000000");
    machine.boot();
    machine.wait_for_file("up");
    const auto start = std::chrono::steady_clock::now();
    CHECK(machine.stop().code == 0);
    CHECK(since(start) < 4s);  // and not the five of a fixed wait
}

TEST_CASE("services run under stage 2, and stage 3 lets each of them come to its end")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    for (int number = 0; number < 10; ++number) {
        machine.tree.script(
            "service/s" + std::to_string(number) + "/run",
            "trap 'echo ended >>$T/ends; exit' TERM\necho up >>$T/ups\nwhile :; do sleep 0.01; done\n");
    }
    machine.stage("2", "exec runsvdir -P $T/service");
    machine.stage("3", "sv -w 20 force-shutdown $T/service/*");
    machine.boot();
    REQUIRE(eventually([&] { return machine.tree.read("ups").size() == 30; }));
    for (int number = 0; number < 10; ++number) {
        REQUIRE(
            eventually([&] { return is_supervised(machine.tree.path("service/s" + std::to_string(number))); }));
    }
    CHECK(machine.stop().code == 0);
    INFO(machine.outside->out() << machine.outside->err());
    CHECK(machine.tree.read("ends").size() == 60);
}
