// Services and logs that do not work as they should, and what runsv says of them.
#include <csignal>
#include <filesystem>

#include "runsv_fixture.hpp"

using namespace scenario;

namespace {

const std::string background = "does it go to the background?";

// It goes to the background as daemons do: with a session and descriptors of its own.
std::string daemon(const std::string& behind = "")
{
    return "echo x >>starts\nsetsid sleep 1000000 </dev/null >/dev/null 2>&1 &\n" + behind;
}

bool says(const OneService& one, const std::string& text)
{
    return one.runsv->err().find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a service that goes to the background by itself is told so once, with what it has left behind")
{
    OneService one;
    one.script("run", daemon("setsid sleep 1000000 </dev/null >/dev/null 2>&1 &\n"));
    one.launch();
    one.wait_for_text("starts", "x\nx\nx\nx\n");
    CHECK(one.runsv->err() ==
          "runsv service: warning: exited 0 and left 2 processes behind: does it go to the background?\n");
    CHECK(children_of(one.runsv->pid()).size() <=
          3);  // those of the start that was looked at, and this one's ./run
}

TEST_CASE("no service is told that it goes to the background that leaves nothing, fails, or is asked to end")
{
    for (const std::string& run :
         {std::string("echo x >>starts\n"), std::string("echo x >>starts\nsleep 0.1 & wait\n"), daemon("exit 1\n"),
          daemon("kill -TERM $$\n")}) {
        OneService one;
        one.script("run", run);
        one.script("log/run", "exec cat >/dev/null\n");
        one.launch();
        one.wait_for_text("starts", "x\nx\nx\nx\n");
        INFO(run);
        CHECK(one.runsv->err().empty());
    }
    OneService one;
    one.script("run", daemon("trap 'exit 0' TERM\nwhile :; do sleep 0.02; done\n"));
    one.launch();
    for (int start = 1; start <= 4; ++start) {
        REQUIRE(eventually([&] { return lines_in(one.read("starts")) == start; }));
        one.wait_until("run");
        one.control("t");
    }
    CHECK(one.runsv->err().empty());
}

TEST_CASE("what the log leaves behind is not laid to the service's charge")
{
    OneService one;
    one.script("run", "echo x >>starts\n");
    one.script("log/run", daemon());
    one.launch();
    one.wait_for_text("starts", "x\nx\nx\nx\n");
    CHECK_FALSE(says(one, background));
}

TEST_CASE("the orphans of a service that stays are not those of its runsv", "[shared]")
{
    OneService one;
    one.script("run", "(sleep 1000000 & echo $! >orphan)\n" + stay);
    one.launch_and_wait_until("run");
    one.wait_for_text("orphan", "\n");
    const pid_t orphan = std::stoi(one.read("orphan"));
    CHECK(eventually([&] { return proc_field(orphan, "PPid") != std::to_string(one.pid()); }));
    CHECK(proc_field(orphan, "PPid") != std::to_string(one.runsv->pid()));
}

TEST_CASE("a log that ends and ends is told with what becomes of the output, which waits or is thrown away")
{
    OneService waiting;
    OneService relieved;
    for (OneService* one : {&waiting, &relieved}) {
        one->script("run",
                    "i=0\nwhile [ $i -lt 30000 ]; do i=$((i+1)); echo line $i; done\necho done >written\n" + stay);
        one->script("log/run", "exit 1\n");
    }
    relieved.file("relieve", "");
    waiting.launch();
    relieved.launch();
    REQUIRE(eventually([&] { return relieved.tree.has("service/written"); }, 60000ms));
    REQUIRE(eventually([&] { return says(waiting, "row"); }, 60000ms));
    CHECK(relieved.runsv->err() ==
          "runsv service: warning: log ended 10 times in a row: the oldest output is thrown away\n");
    CHECK(waiting.runsv->err() == "runsv service: warning: log ended 10 times in a row: output waits\n");
    CHECK_FALSE(waiting.tree.has("service/written"));
    for (OneService* one : {&waiting, &relieved}) {
        one->script("log/run.new", "exec cat >>../lines\n");
        std::filesystem::rename(one->directory() + "/log/run.new", one->directory() + "/log/run");
        one->wait_for_text("lines", "line 30000\n");
    }
    CHECK(lines_in(waiting.read("lines")) == 30000);
    CHECK(lines_in(relieved.read("lines")) < 30000);
}

TEST_CASE("how much was thrown away while the log was down is told when it is back")
{
    OneService one;
    one.script("run",
               "i=0\nwhile [ $i -lt 30000 ]; do i=$((i+1)); echo line $i; done\necho done >written\n" + stay);
    one.script("log/run", "exec cat >>../lines\n");
    one.file("log/down", "");
    one.launch();
    REQUIRE(eventually([&] { return one.tree.has("service/written"); }, 60000ms));
    one.tree.append("service/log/supervise/control", "u");
    one.wait_for_text("lines", "line 30000\n");
    std::size_t written = 0;
    for (int line = 1; line <= 30000; ++line)
        written += std::string("line \n").size() + std::to_string(line).size();
    CHECK(one.runsv->err() ==
          "runsv service: warning: log is down: the oldest output is thrown away\n"
          "runsv service: warning: log is back: " +
              std::to_string(written - one.read("lines").size()) + " bytes of output were thrown away\n");
}

TEST_CASE("a log directory that is added later is taken up at the next start of the service")
{
    OneService one;
    one.script("run", "echo up\n" + stay);
    one.launch_and_wait_until("run");
    const pid_t first = one.pid();
    one.script("log/run", "exec cat >>../lines\n");
    one.control("t");
    one.wait_for_new_pid(first);
    one.wait_for_text("lines", "up\n");
    CHECK(stat_in(one.directory() + "/log") == "run");
    CHECK(is_supervised(one.directory() + "/log"));
    one.control("x");
    CHECK(one.runsv->wait().code == 0);
    CHECK(one.runsv->err().empty());
}

TEST_CASE("a log directory that is added later and cannot be used is told once, and the service runs without it")
{
    OneService one;
    one.script("run", "echo x >>starts\n");
    one.launch();
    one.wait_for_text("starts", "x\n");
    one.file("log/supervise", "");
    one.wait_for_text("starts", "x\nx\nx\nx\n");
    CHECK(one.runsv->err() == "runsv service: warning: unable to open log/supervise: not a directory\n");
}
