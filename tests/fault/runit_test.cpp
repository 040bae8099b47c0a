// The kernel says no to process 1: the machine boots, runs and ends all the same.
#include "container/machine.hpp"
#include "support/strace.hpp"

using namespace machine;

namespace {

// runit, as process 1, under a strace that makes `calls` fail.
void boot_with_failing(Machine& machine, const std::string& calls, const std::string& how)
{
    machine.boot(Machine::Right::None, with_failing({}, calls, how).argv);
}

bool can_try()
{
    return can_have_namespaces() && has_strace();
}

}  // namespace

TEST_CASE("where no process can be made for a stage, it is said, and the stage is started a second later")
{
    if (!can_try()) return;
    for (const std::string name : {"1", "2"}) {
        Machine machine;
        boot_with_failing(machine, "vfork", "error=EAGAIN:when=" + name);
        machine.wait_for("- runit: enter stage: /etc/runit/" + name +
                         "\n- runit: warning: unable to fork for /etc/runit/" + name +
                         ": temporary failure\n- runit: enter stage: /etc/runit/" + name + "\n");
        machine.wait_for("leave stage: /etc/runit/1\n- runit: enter stage: /etc/runit/2\n");
        machine.signal(SIGPWR);
        CHECK(machine.outside->wait().code == 0);
    }
}

TEST_CASE("calls that fail keep no machine from booting and ending")
{
    if (!can_try()) return;
    struct Case {
        const char* calls;
        const char* how;
    };
    for (const Case& one :
         {Case{"ppoll", "error=ENOMEM:when=1"}, Case{"poll", "error=ENOMEM"}, Case{"write", "error=EIO"},
          Case{"setsid", "error=EPERM"}, Case{"reboot", "error=EPERM"}}) {
        INFO(one.calls);
        Machine machine;
        machine.stage("2", "touch $T/two; exec sleep 1000000");
        machine.stage("3", "touch $T/three");
        boot_with_failing(machine, one.calls, one.how);
        machine.wait_for_file("two");
        machine.signal(SIGPWR);
        CHECK(machine.outside->wait().code == 0);
        CHECK(machine.tree.has("three"));
    }
}

TEST_CASE("a machine that cannot be ended stays, and reaps")
{
    if (!can_try()) return;
    Machine machine;
    machine.stage("1", "while ! [ -e $T/go ]; do sleep 0.01; done");
    machine.stage("2", "exit 0");
    machine.boot();
    machine.wait_for("enter stage: /etc/runit/1");
    // From outside, because runit kills everything inside; and it is left no child to ask for it either.
    StartSpec how = with_failing({}, "clone,clone3,fork,reboot", "error=EINVAL");
    std::erase(how.argv, "-D");
    how.argv.insert(how.argv.end(), {"-p", std::to_string(machine.first())});
    const Process strace(how);
    REQUIRE(eventually([&] { return proc_field(machine.first(), "TracerPid") == std::to_string(strace.pid()); }));
    machine.tree.file("go", "");
    machine.wait_for(
        "- runit: power off...\n- runit: system halt.\n"
        "- runit: warning: unable to end the machine: invalid argument\n");
    CHECK(is_alive(machine.first()));
    CHECK(machine.outside->is_running());
}

TEST_CASE("what runit says changes nothing of a descriptor that others share")
{
    if (!can_try()) return;
    Machine machine;
    const auto trace = machine.tree.path("trace");
    machine.stage("2", "exit 0");
    machine.boot(Machine::Right::None,
                 {"strace", "-D", "-qq", "-o", trace, "-e", "signal=none", "-e", "trace=fcntl,write"});
    CHECK(machine.outside->wait().code == 0);
    CHECK(contains(machine.said(), "- runit: leave stage: /etc/runit/2\n"));
    REQUIRE(eventually([&] { return contains(machine.tree.read("trace"), "- runit: enter stage: /etc/runit"); }));
    CHECK_FALSE(contains(machine.tree.read("trace"), "F_SETFL"));
}
