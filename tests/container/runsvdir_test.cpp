// What runsvdir does while it is the first process of a container.
#include "container/first_process.hpp"

using namespace container;

namespace {

std::size_t zombies_below(pid_t pid)
{
    const auto children = children_of(pid);
    return static_cast<std::size_t>(
        std::count_if(children.begin(), children.end(), [](pid_t child) { return !is_alive(child); }));
}

// Two hundred processes that nobody waits for, all dead at nearly the same time.
const std::string makes_orphans =
    "i=0\nwhile [ $i -lt 200 ]; do (sleep 0.3 &); i=$((i + 1)); done\necho made >>../../started\nexec sleep "
    "1000000\n";

}  // namespace

TEST_CASE("process 1 reaps every orphan")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("parent", makes_orphans);
    one.launch();
    one.wait_until_started("made");
    const pid_t first = one.first();
    CHECK(eventually([&] { return children_of(first).size() == 1 && zombies_below(first) == 0; }));
    CHECK(one.err().empty());
}

TEST_CASE("with -i every orphan is reaped below another first process")
{
    Services services;
    services.add("parent", makes_orphans);
    Process runsvdir(services.spec({"-i", services.directory()}));
    REQUIRE(eventually([&] { return contains(services.tree.read("started"), "made"); }));
    CHECK(
        eventually([&] { return children_of(runsvdir.pid()).size() == 1 && zombies_below(runsvdir.pid()) == 0; }));
    runsvdir.signal(SIGTERM);
    CHECK(runsvdir.wait().code == 0);
}

TEST_CASE("a command runs in the foreground beside the services, and its exit code is the container's")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("web", writes_when_told("web"));
    one.tree.file("input", "of the terminal\n");
    const std::string script =
        "while [ ! -e started ]; do sleep 0.01; done; pwd >where; cat >read <input; exit 42";
    one.launch({}, {"--", "sh", "-c", script});
    CHECK(one.outside->wait().code == 42);
    CHECK(one.tree.read("where") == one.tree.path() + "\n");
    CHECK(one.tree.read("read") == "of the terminal\n");
    CHECK(one.tree.read("told") == "web\n");
}

TEST_CASE(
    "a command that a signal ends makes 128 and the signal, one that is not there 127, and one that cannot be "
    "executed 126")
{
    if (!can_have_namespaces()) return;
    FirstProcess killed;
    killed.launch({}, {"--", "sh", "-c", "kill -9 $$"});
    CHECK(killed.outside->wait().code == 137);
    FirstProcess missing;
    missing.launch({}, {"--", "there-is-no-such-program"});
    CHECK(missing.outside->wait().code == 127);
    CHECK(contains(missing.err(), ": fatal: unable to run there-is-no-such-program: file does not exist\n"));
    FirstProcess plain;
    plain.tree.file("plain", "text");
    plain.launch({}, {"--", "./plain"});
    CHECK(plain.outside->wait().code == 126);
    CHECK(contains(plain.err(), ": fatal: unable to run ./plain: access denied\n"));
}

TEST_CASE("a command is stopped with the services")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.launch({}, {"--", "sh", "-c",
                    "trap 'echo told >told; exit 3' TERM; echo command >started; while :; do sleep 0.01; done"});
    one.wait_until_started("command");
    CHECK(one.stop().code == 0);
    CHECK(one.tree.read("told") == "told\n");
}

TEST_CASE("the end of an essential service stops the container with its exit code")
{
    if (!can_have_namespaces()) return;
    for (const auto& [end, code] :
         {std::pair<std::string, int>{"exit 7", 7}, {"exit 0", 0}, {"kill -9 $$", 137}}) {
        FirstProcess one;
        one.add("other", writes_when_told("other"));
        one.add("web", "while [ ! -e ../../started ]; do sleep 0.01; done\n" + end + "\n");
        one.tree.file("service/web/essential", "");
        one.tree.file("service/web/supervise/exit", "exited 99\n");  // of another life
        one.launch();
        CHECK(one.outside->wait().code == code);
        CHECK(one.tree.read("told") == "other\n");
        CHECK(contains(one.err(), ": warning: web, which is essential, has ended ("));
    }
}

TEST_CASE("a service that becomes essential while it runs is, and one that no longer is stops nothing")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    const std::string until = "while [ ! -e ../../end-";
    one.add("former", until + "former ]; do sleep 0.01; done\nexit 3\n");
    one.add("web", until + "web ]; do sleep 0.01; done\nexit 7\n");
    one.tree.file("service/former/essential", "");
    one.tree.file("service/web/supervise/exit", "exited 99\n");  // of another life
    one.launch();
    one.wait_until_up("former");
    one.wait_until_up("web");
    std::filesystem::remove(one.tree.path("service/former/essential"));
    one.tree.file("end-former", "");
    REQUIRE(eventually([&] { return contains(one.err(), "runsv former: warning: ended (exited 3)"); }));
    one.tree.file("service/web/essential", "");
    one.tree.file("end-web", "");
    CHECK(one.outside->wait().code == 7);
}

TEST_CASE("an essential service that is told to restart, die, go down or exit stops nothing")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("web");
    one.tree.file("service/web/essential", "");
    one.launch();
    one.wait_until_up("web");
    const pid_t before = pid_in(one.of("web"));
    one.tree.append("service/web/supervise/control", "tcu");
    REQUIRE(eventually([&] { return pid_in(one.of("web")) != 0 && pid_in(one.of("web")) != before; }));
    const pid_t second = pid_in(one.of("web"));
    one.tree.append("service/web/supervise/control", "k");
    REQUIRE(eventually([&] { return pid_in(one.of("web")) != 0 && pid_in(one.of("web")) != second; }));
    one.tree.append("service/web/supervise/control", "d");
    REQUIRE(eventually([&] { return stat_in(one.of("web")) == "down"; }));
    one.tree.append("service/web/supervise/control", "x");
    CHECK(always([&] { return one.outside->is_running(); }, 200ms));
    CHECK(one.stop().code == 0);
}

TEST_CASE("in order services are started by their names, one after the other")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    for (const std::string name : {"c", "a", "b", "d"}) {
        one.add(name, "exec sleep 1000000\n");
        // What has to be done before the start of ./run belongs to the start.
        one.tree.script("service/" + name + "/control/u", "sleep 0.1; echo " + name + " >>../../started\n");
    }
    one.add("off");
    one.tree.file("service/off/down", "");
    one.launch({"-o"}, {"--", "sh", "-c", "echo command >>started; exec sleep 1000000"});
    one.wait_until_started("command");
    CHECK(one.tree.read("started") == "a\nb\nc\nd\ncommand\n");
    CHECK(one.stop().code == 0);
}

TEST_CASE("it works for any user, without /proc, and stops in order there too")
{
    if (!can_have_namespaces()) return;
#ifdef __SANITIZE_ADDRESS__
    std::cerr << "skipped: a sanitizer needs /proc\n";
    return;
#endif
    FirstProcess one;
    one.add("web", writes_when_told("web"));
    one.tree.file("service/web/essential", "");
    REQUIRE(run({"chmod", "-R", "a+rwX", one.tree.path()}).code == 0);
    one.launch(
        {}, {},
        {"unshare", "-pfm", "sh", "-c",
         "export ASAN_OPTIONS=detect_leaks=0; "  // which would need /proc
         "mount -t tmpfs -o ro none /proc && exec setpriv --reuid 65534 --regid 65534 --clear-groups \"$@\"",
         "sh"});
    one.wait_until_started("web");
    CHECK(one.stop().code == 0);
    CHECK(one.tree.read("told") == "web\n");
    CHECK(one.err().empty());
}

TEST_CASE("a service that comes or goes is noticed in a container too, and a switched symlink")
{
    if (!can_have_namespaces()) return;
    FirstProcess one;
    one.add("a");
    one.tree.script("other/c/run", stay);
    std::filesystem::create_directory_symlink("service", one.tree.path("link"));
    one.launch_on(one.tree.path("link"));
    one.wait_until_up("a");
    one.move_in("b");
    one.wait_until_up("b");
    one.move_out("a");
    CHECK(eventually([&] { return runsv_pid(one.first(), "a") == 0; }));
    std::filesystem::create_directory_symlink("other", one.tree.path("next"));
    std::filesystem::rename(one.tree.path("next"), one.tree.path("link"));
    CHECK(eventually([&] { return runsv_pid(one.first(), "c") != 0 && runsv_pid(one.first(), "b") == 0; }));
    CHECK(one.stop().code == 0);
    CHECK(one.err().empty());
}
