// runsv is killed, and the next one takes over a service and its log: whoever is restarted or killed then, no line is lost
// and nobody gets a SIGPIPE.
#include <csignal>

#include "scenario/runsv_numbered.hpp"

using namespace scenario;

TEST_CASE("after a take-over the log is restarted: the service runs on, and each line is in the log once")
{
    NumberedService one;
    one.launch_and_wait_until("run");
    one.wait_for_lines(20);
    const pid_t service = one.pid();
    kill_runsv_and_start_the_next(one);
    const pid_t log = one.log_pid();
    one.log_control("t");
    one.wait_for_new_log(log);
    one.end_of_lines(service);
    CHECK(one.pid() == service);
    CHECK(one.fault_in_lines_of(service) == "");
}

TEST_CASE(
    "after a take-over the log is killed: the service runs on, and only what that log had read may be missing")
{
    NumberedService one;
    one.launch_and_wait_until("run");
    one.wait_for_lines(20);
    const pid_t service = one.pid();
    kill_runsv_and_start_the_next(one);
    const pid_t log = one.log_pid();
    ::kill(log, SIGKILL);
    one.wait_for_new_log(log);
    one.end_of_lines(service);
    CHECK(one.pid() == service);
    CHECK(one.fault_in_lines_of(service, 1) == "");
}

TEST_CASE("runsv, the log and again runsv are killed: the service runs on, and its last lines are in the log")
{
    NumberedService one;
    one.launch_and_wait_until("run");
    one.wait_for_lines(20);
    const pid_t service = one.pid();
    const pid_t log = one.log_pid();
    kill_runsv(one);
    ::kill(log, SIGKILL);
    REQUIRE(eventually([&] { return !is_alive(log); }));
    one.launch();
    one.wait_until("run");
    one.wait_for_new_log(log);
    kill_runsv_and_start_the_next(one);
    one.end_of_lines(service);
    CHECK(one.pid() == service);
    CHECK(one.fault_in_lines_of(service, 1) == "");
}

TEST_CASE("after a take-over the service is restarted beside a child that it left: the log has the lines of both")
{
    NumberedService one;
    one.script("run", "sleep 1000 &\n" + numbered);
    one.launch_and_wait_until("run");
    one.wait_for_lines(20);
    const pid_t first = one.pid();
    kill_runsv_and_start_the_next(one);
    one.control("t");
    const pid_t second = one.wait_for_new_pid(first);
    one.end_of_lines(second);
    CHECK(one.fault_in_lines_of(second) == "");
    CHECK(one.fault_in_lines_of(first) == "");
}

TEST_CASE("after a take-over both are restarted, and runsv is killed once more: every line is in the log once")
{
    NumberedService one;
    one.launch_and_wait_until("run");
    one.wait_for_lines(20);
    const pid_t first = one.pid();
    const pid_t log = one.log_pid();
    kill_runsv_and_start_the_next(one);
    one.control("t");
    const pid_t second = one.wait_for_new_pid(first);
    one.log_control("t");
    one.wait_for_new_log(log);
    kill_runsv_and_start_the_next(one);
    one.end_of_lines(second);
    CHECK(one.pid() == second);
    CHECK(one.fault_in_lines_of(first) == "");
    CHECK(one.fault_in_lines_of(second) == "");
}

TEST_CASE("runsv is killed while its log is between two runs: the service runs on, and the log gets every line")
{
    NumberedService one;
    one.script("log/run", "[ -e ../enough ] || exit 1\n" + one.log);
    one.launch_and_wait_until("run");
    one.wait_for_text("written", "20\n");
    const pid_t service = one.pid();
    kill_runsv_and_start_the_next(one);
    one.end_of_lines(service);
    CHECK(one.pid() == service);
    CHECK(one.fault_in_lines_of(service) == "");
}

TEST_CASE("a log that is down stays down after a take-over, and neither stops nor ends its service")
{
    NumberedService one;
    one.script("run", "while :; do echo line and more of it to fill the pipe sooner; done\n");
    one.file("log/down", "");
    one.launch_and_wait_until("run");
    const pid_t service = one.pid();
    kill_runsv_and_start_the_next(one);
    CHECK(stat_in(one.directory() + "/log") == "down");
    // It never waits for a reader: it has written again and again.
    const auto written = [&] {
        return run({"sh", "-c", "grep wchar /proc/" + std::to_string(service) + "/io"}).out;
    };
    for (int look = 0; look < 3; ++look) {
        const std::string before = written();
        REQUIRE(eventually([&] { return written() != before; }));
    }
    one.log_control("u");
    CHECK(eventually([&] { return one.logged().find("line and more") != std::string::npos; }));
    CHECK(one.pid() == service);
}

TEST_CASE("a log that was taken down stays down after a take-over, and starts to read when it is told to go up")
{
    NumberedService one;
    one.launch_and_wait_until("run");
    one.wait_for_lines(5);
    const pid_t service = one.pid();
    one.log_control("d");
    REQUIRE(eventually([&] { return stat_in(one.directory() + "/log") == "down"; }));
    kill_runsv_and_start_the_next(one);
    CHECK(always([&] { return stat_in(one.directory() + "/log") == "down"; }, 300ms));
    one.log_control("u");
    one.end_of_lines(service);
    CHECK(one.pid() == service);
    CHECK(one.fault_in_lines_of(service) == "");
}
