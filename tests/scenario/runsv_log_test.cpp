#include <csignal>

#include "runsv_fixture.hpp"

using namespace scenario;

TEST_CASE("standard output of run, finish and control scripts goes to the log service", "[shared]")
{
    OneService one;
    one.script("run", "echo from run\n" + stay);
    one.script("finish", "echo from finish\n");
    one.script("control/h", "echo from control\n");
    one.script("log/run", "exec cat >>../lines\n");
    one.launch();
    one.wait_for_text("lines", "from run\n");
    one.control("h");
    one.wait_for_text("lines", "from run\nfrom control\n");
    one.control("d");
    one.wait_for_text("lines", "from run\nfrom control\nfrom finish\n");
}

TEST_CASE("exit closes the log's input, and the log ends by itself with everything read", "[shared]")
{
    OneService one;
    one.script("run", "trap 'echo last words; exit' TERM\necho up\nwhile :; do sleep 0.02; done\n");
    one.script("log/run", "trap '' TERM\ncat >>../lines\necho log ends >>../lines\n");
    one.launch();
    one.wait_for_text("lines", "up");
    one.wait_until("run");
    one.control("x");
    CHECK(one.runsv->wait().code == 0);
    CHECK(one.read("lines") == "up\nlast words\nlog ends\n");
}

TEST_CASE("the log service has a state of its own under log/supervise", "[shared]")
{
    OneService one;
    one.script("run", stay);
    one.script("log/run", "exec cat >/dev/null\n");
    one.launch_and_wait_until("run");
    REQUIRE(eventually([&] { return stat_in(one.directory() + "/log") == "run"; }));
    const pid_t log = one.log_pid();
    CHECK(one.record("log/").pid == static_cast<std::uint32_t>(log));
    one.tree.append("service/log/supervise/control", "x");
    one.tree.append("service/log/supervise/control", "d");
    REQUIRE(eventually([&] { return stat_in(one.directory() + "/log") == "down"; }));
    CHECK(one.stat() == "run");
    one.tree.append("service/log/supervise/control", "u");
    REQUIRE(eventually([&] { return stat_in(one.directory() + "/log") == "run"; }));
}

TEST_CASE("log/supervise/pid is there before the log was ever started", "[bug-21]")
{
    OneService one;
    one.script("run", stay);
    one.script("log/run", stay);
    one.file("log/down", "");
    one.launch_and_wait_until("run");
    CHECK(one.tree.has("service/log/supervise/pid"));
    CHECK(stat_in(one.directory() + "/log") == "down");
}

TEST_CASE("a log that is switched off does not bring the service to a stand, and the newest output is kept for it",
          "[bug-22]")
{
    OneService one;
    one.script("run",
               "i=0\nwhile [ $i -lt 30000 ]; do i=$((i+1)); echo line $i; done\necho done >../written\n" + stay);
    one.script("log/run", "exec cat >>../lines\n");
    one.file("log/down", "");
    one.launch();
    REQUIRE(eventually([&] { return one.tree.has("written"); }, 60000ms));
    CHECK(one.runsv->err().find("warning: log is down: the oldest output is thrown away") != std::string::npos);
    one.tree.append("service/log/supervise/control", "u");
    one.wait_for_text("lines", "line 30000\n");
}

TEST_CASE("what is written while the log is briefly down is still there when it comes up", "[shared]")
{
    OneService one;
    one.script("run", "while read line; do echo $line; done <../input\n" + stay);
    one.tree.file("input", "one\ntwo\nthree\n");
    one.script("log/run", "exec cat >>../lines\n");
    one.file("log/down", "");
    one.launch_and_wait_until("run");
    one.tree.append("service/log/supervise/control", "u");
    one.wait_for_text("lines", "one\ntwo\nthree\n");
}

TEST_CASE("a log service that keeps failing does not keep the main service from answering", "[bug-16]")
{
    OneService one;
    one.script("run", stay);
    one.script("log/run", "exit 1\n");
    one.launch_and_wait_until("run");
    for (int round = 0; round < 5; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        one.control("p");
        one.wait_until("run, paused");
        one.control("c");
        one.wait_until("run");
        CHECK(std::chrono::steady_clock::now() - begin < 500ms);
    }
    one.runsv->signal(SIGTERM);
    CHECK(one.runsv->wait(2000ms).code == 0);
}

TEST_CASE("a log that is restarted loses no line", "[shared]")
{
    OneService one;
    one.script("run", "i=0\nwhile [ $i -lt 300 ]; do i=$((i+1)); echo $i; done\n" + stay);
    one.script("log/run", "while read line; do echo $line >>../lines; [ $((line % 100)) = 0 ] && exit; done\n");
    one.launch();
    one.wait_for_text("lines", "\n300\n");
    std::string expected;
    for (int line = 1; line <= 300; ++line) expected += std::to_string(line) + "\n";
    CHECK(one.read("lines") == expected);
}

TEST_CASE("a log that is no directory is only warned about", "[shared]")
{
    OneService one;
    one.script("run", stay);
    one.file("log", "");
    one.launch_and_wait_until("run");
    CHECK(one.runsv->err().find("warning") != std::string::npos);
    CHECK(one.runsv->err().find("not a directory") != std::string::npos);
}
