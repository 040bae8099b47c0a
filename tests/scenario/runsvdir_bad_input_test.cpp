// Services that cannot be supervised, beside one that can.
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <optional>

#include "support/catch.hpp"
#include "support/full_pipe.hpp"
#include "support/services.hpp"

using namespace support;
using namespace std::chrono_literals;

TEST_CASE(
    "a service whose runsv cannot start is named with the reason, others run, and it runs when the cause is gone")
{
    Services services;
    for (const char* name : {"good", "file", "closed", "unwritable"}) services.add(name);
    ::chmod(services.tree.path().c_str(), 0755);
    services.tree.file("service/file/supervise", "");
    auto spec = services.spec();
    if (::geteuid() == 0) {  // who is let in everywhere
        spec.argv.insert(spec.argv.begin(), {"setpriv", "--reuid=65534", "--clear-groups"});
        for (const char* name : {"good", "file"}) ::chmod(services.of(name).c_str(), 0777);
    }
    ::chmod(services.of("closed").c_str(), 0);
    ::chmod(services.of("unwritable").c_str(), 0555);

    Process runsvdir(spec);
    for (const std::string line : {"file: fatal: unable to open supervise: not a directory\n",
                                   "closed: fatal: unable to change to directory: access denied\n",
                                   "unwritable: fatal: unable to create directory supervise: access denied\n"}) {
        const bool told = eventually([&] { return contains(runsvdir.err(), "runsv " + line); });
        INFO(runsvdir.err());
        CHECK(told);
    }
    CHECK(eventually([&] { return stat_in(services.of("good")) == "run"; }));

    services.tree.remove("service/file/supervise");
    for (const char* name : {"closed", "unwritable"}) ::chmod(services.of(name).c_str(), 0777);
    for (const char* name : {"file", "closed", "unwritable"}) {
        const bool runs = eventually([&] { return stat_in(services.of(name)) == "run"; });
        INFO(name << ": " << runsvdir.err());
        CHECK(runs);
    }
}

TEST_CASE(
    "a standard error whose reader is gone, with lines kept for it, ends neither runsvdir nor what it starts "
    "later")
{
    Services services;
    services.add("one");
    REQUIRE(::symlink("ring", services.of("ring").c_str()) == 0);
    std::optional<FullPipe> full{services.tree.path("full")};
    auto spec = services.spec();
    const std::vector<std::string> shell{"sh", "-c", "exec \"$@\" 2>full", "sh"};
    spec.argv.insert(spec.argv.begin(), shell.begin(), shell.end());
    Process runsvdir(spec);
    CHECK(eventually([&] { return stat_in(services.of("one")) == "run"; }));
    full.reset();
    services.add("two");
    CHECK(eventually([&] { return stat_in(services.of("two")) == "run"; }));
    runsvdir.signal(SIGHUP);
    CHECK(runsvdir.wait().code == 111);
}

TEST_CASE("a link to the services directory itself, or to one that holds it, is no service, and told of once")
{
    Services services;
    services.add("one");
    std::filesystem::create_directory_symlink(".", services.of("self"));
    std::filesystem::create_directory_symlink("..", services.of("up"));
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return runsv_pid(runsvdir.pid(), "one") != 0; }));
    std::filesystem::create_directory_symlink("/", services.of("root"));
    services.move_in("two");
    REQUIRE(eventually([&] { return runsv_pid(runsvdir.pid(), "two") != 0; }));
    runsvdir.signal(SIGALRM);
    REQUIRE(eventually([&] { return services.tree.has("service/.forced-rescan"); }));
    services.move_in("three");
    REQUIRE(eventually([&] { return runsv_pid(runsvdir.pid(), "three") != 0; }));
    CHECK(children_of(runsvdir.pid()).size() == 3);
    CHECK_FALSE(services.tree.has("service/supervise"));
    for (const std::string name : {"self", "up", "root"}) {
        CHECK(count_of(runsvdir.err(), ": warning: " + name + " is no service: ") == 1);
    }
}

TEST_CASE("a limit of file sizes ends nothing, and is a signal again for what it starts")
{
    Services services;
    services.use_runsv(sleeping_runsv);
    services.tree.directory("service/1000000");
    std::filesystem::create_symlink("nowhere", services.of("dangling"));
    StartSpec spec = services.spec();
    spec.argv.insert(spec.argv.begin(), {"prlimit", "--fsize=0"});
    Process runsvdir(spec);
    REQUIRE(eventually([&] { return children_of(runsvdir.pid()).size() == 1; }));
    runsvdir.signal(SIGALRM);
    CHECK(always([&] { return runsvdir.is_running(); }, 300ms));
    const pid_t child = children_of(runsvdir.pid())[0];
    const auto has = [&](const std::string& field) {
        return (std::stoull("0" + proc_field(child, field), nullptr, 16) & (1U << (SIGXFSZ - 1))) != 0;
    };
    CHECK_FALSE(has("SigIgn"));
    CHECK_FALSE(has("SigBlk"));
    CHECK_FALSE(has("SigCgt"));
}
