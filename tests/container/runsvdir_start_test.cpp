// A container that cannot work says so where its operator reads, and ends.
#include <filesystem>

#include "container/first_process.hpp"

using namespace container;

namespace {

// The services directory is read-only there.
const std::vector<std::string> read_only{"unshare",
                                         "-pfm",
                                         "--mount-proc",
                                         "sh",
                                         "-c",
                                         "mount --bind service service && mount -o remount,ro,bind service && "
                                         "exec \"$@\"",
                                         "sh"};
const std::string title = "log: ...............................................................";

}  // namespace

TEST_CASE("a word that is no option ends a container at its start with 100, and is named")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("web");
    one.launch({"--grace", "20"});
    CHECK(one.outside->wait().code == 100);
    CHECK(contains(one.err(), "runsvdir: fatal: unable to understand the option --grace\nusage: runsvdir "));
    FirstProcess other;
    other.launch({"-g"});
    CHECK(other.outside->wait().code == 100);
    CHECK(contains(other.err(), "runsvdir: fatal: unable to find a number of seconds for -g in "));
    Services services;
    Process below(services.spec({"-i", "--grace", "20", services.directory()}));
    CHECK(below.wait().code == 100);
}

TEST_CASE("a services directory that is not there for five seconds ends a container with 111, also beside a log")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.launch_on("missing");
    FirstProcess with_log;
    std::filesystem::remove(with_log.tree.path("service"));
    with_log.launch({}, {title});
    FirstProcess with_command;
    std::filesystem::remove(with_command.tree.path("service"));
    with_command.launch({}, {"--", "sh", "-c", "trap 'echo told >told; exit' TERM; while :; do sleep 0.01; done"});
    for (FirstProcess* const each : {&one, &with_log, &with_command}) {
        CHECK(each->outside->wait().code == 111);
        CHECK(contains(each->err(), ": fatal: unable to use the services directory "));
        CHECK(contains(each->err(), ": file does not exist\n"));
    }
    CHECK(with_command.tree.has("told"));
}

TEST_CASE("a services directory that comes and goes ends no container, and neither does an empty one")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    std::filesystem::remove(one.tree.path("service"));
    one.launch();
    one.first();
    FirstProcess empty;
    empty.launch();
    empty.first();
    one.add("web", writes_when_told("web"));
    one.wait_until_started("web");
    std::filesystem::rename(one.tree.path("service"), one.tree.path("elsewhere"));
    CHECK(always([&] { return one.outside->is_running() && empty.outside->is_running(); }, 5500ms));
    CHECK(one.stop().code == 0);
    CHECK(empty.stop().code == 0);
    CHECK(one.tree.read("told") == "web\n");
}

TEST_CASE("services that cannot be supervised, every one of them, end a container with 111, also beside a log")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    FirstProcess with_log;
    for (FirstProcess* const each : {&one, &with_log}) {
        each->add("web");
        each->add("worker");
    }
    one.launch({}, {}, read_only);
    with_log.launch({"-o"}, {title}, read_only);
    for (FirstProcess* const each : {&one, &with_log}) {
        CHECK(each->outside->wait().code == 111);
        CHECK(contains(each->err(), ": fatal: unable to supervise any service, for instance w"));
        CHECK(contains(each->err(), ": read-only file system\n"));
    }
}

TEST_CASE("one service that can be supervised is enough for a container")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("bad");
    one.add("web", writes_when_told("web"));
    std::filesystem::create_symlink("/proc/nothing", one.tree.path("service/bad/supervise"));
    one.launch({"-o"});
    one.wait_until_started("web");  // though the other one, which fails again and again, is before it
    CHECK(always([&] { return one.outside->is_running(); }, 6500ms));
    CHECK(one.stop().code == 0);
}
