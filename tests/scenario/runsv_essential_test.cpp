// The end of a service that is essential to others.
#include <csignal>

#include "scenario/runsv_fixture.hpp"

using namespace scenario;

namespace {

volatile sig_atomic_t told_by = 0;

}  // namespace

TEST_CASE("an essential service that ends unasked leaves how it ended in supervise/exit")
{
    for (const auto& [end, text] :
         {std::pair<std::string, std::string>{"exit 3", "exited 3\n"}, {"kill -9 $$", "killed 9\n"}}) {
        OneService one;
        one.script("run", "[ -e ../go ] || exec sleep 1000000\n" + end + "\n");
        one.file("essential", "");
        one.tree.file("go", "");
        one.launch();
        one.wait_for_text("supervise/exit", text);
        CHECK_FALSE(one.tree.has("service/supervise/exit.new"));
        CHECK(one.runsv->err().empty());
    }
}

TEST_CASE("whoever started runsv is sent a URG when an essential service ends unasked")
{
    struct sigaction action {};
    struct sigaction before {};
    action.sa_sigaction = [](int, siginfo_t* about, void*) {
        if (about->si_code == SI_USER) told_by = about->si_pid;
    };
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    ::sigaction(SIGURG, &action, &before);
    told_by = 0;
    OneService one;
    one.script("run", stay);
    one.file("essential", "");
    one.launch_and_wait_until("run");
    CHECK(told_by == 0);
    one.signal_service(SIGKILL);
    CHECK(eventually([&] { return told_by == one.runsv->pid(); }));
    CHECK(one.read("supervise/exit") == "killed 9\n");
    ::sigaction(SIGURG, &before, nullptr);
}

TEST_CASE("an essential service that ends as it was told to leaves nothing")
{
    OneService one;
    one.script("run", stay);
    one.file("essential", "");
    one.launch_and_wait_until("run");
    const pid_t first = one.pid();
    one.control("t");
    REQUIRE(eventually([&] { return one.pid() != 0 && one.pid() != first; }));
    one.control("d");
    one.wait_until("down");
    CHECK_FALSE(one.tree.has("service/supervise/exit"));
}

TEST_CASE("a service that is not essential leaves nothing, however it ends")
{
    OneService one;
    one.script("run", stay);
    one.launch_and_wait_until("run");
    const pid_t first = one.pid();
    ::kill(first, SIGKILL);
    REQUIRE(eventually([&] { return one.pid() != 0 && one.pid() != first; }));
    CHECK_FALSE(one.tree.has("service/supervise/exit"));
}

TEST_CASE("of the ends of a service nothing is said but in a container")
{
    OneService one;
    one.script("run", stay);
    one.launch_and_wait_until("run");
    const pid_t first = one.pid();
    ::kill(first, SIGKILL);
    REQUIRE(eventually([&] { return one.pid() != 0 && one.pid() != first; }));
    CHECK(one.runsv->err().empty());
}
