// What runsvdir and the reference have in common, and what the former does with odd input.
#include <csignal>

#include "support/catch.hpp"
#include "support/services.hpp"

using namespace support;
using namespace std::chrono_literals;

namespace {

// The reference needs five seconds to see a change and a second to settle.
constexpr auto slowly = 20s;

bool runs(const Services& services, const Process& runsvdir, const std::string& name)
{
    return eventually([&] { return runsv_pid(runsvdir.pid(), name) != 0 && is_supervised(services.of(name)); },
                      slowly);
}

}  // namespace

TEST_CASE("each directory and each symlink to one gets a runsv, in the services directory", "[shared]")
{
    Services services;
    services.add("one");
    services.tree.script("elsewhere/run", stay);
    std::filesystem::create_symlink("../elsewhere", services.of("two"));
    Process runsvdir(services.spec());
    CHECK(runs(services, runsvdir, "one"));
    CHECK(runs(services, runsvdir, "two"));
    CHECK(eventually([&] { return pid_in(services.of("one")) != 0; }));
    CHECK(arguments_of(runsv_pid(runsvdir.pid(), "one")) == std::vector<std::string>{"runsv", "one"});
}

TEST_CASE("names with a dot in front and names of files are skipped", "[shared]")
{
    Services services;
    services.add(".hidden");
    services.tree.file("service/file", "");
    services.add("seen");
    Process runsvdir(services.spec());
    CHECK(runs(services, runsvdir, "seen"));
    CHECK(children_of(runsvdir.pid()).size() == 1);
    CHECK(runsvdir.err().empty());
}

TEST_CASE("two names for one directory make one runsv", "[shared]")
{
    Services services;
    services.add("one");
    std::filesystem::create_symlink("one", services.of("other"));
    Process runsvdir(services.spec());
    CHECK(eventually([&] { return is_supervised(services.of("one")); }));
    CHECK(always([&] { return children_of(runsvdir.pid()).size() == 1; }, 500ms));
}

TEST_CASE("TERM ends it with 0 and no runsv is told", "[shared]")
{
    Services services;
    services.add("one");
    Process runsvdir(services.spec());
    REQUIRE(runs(services, runsvdir, "one"));
    const pid_t runsv = runsv_pid(runsvdir.pid(), "one");
    runsvdir.signal(SIGTERM);
    CHECK(runsvdir.wait().code == 0);
    CHECK(always([&] { return is_alive(runsv); }, 200ms));
}

TEST_CASE("HUP sends TERM to every runsv and ends it with 111", "[shared]")
{
    Services services;
    for (const std::string name : {"one", "two", "three"}) services.add(name);
    Process runsvdir(services.spec());
    for (const std::string name : {"one", "two", "three"}) REQUIRE(runs(services, runsvdir, name));
    const auto children = children_of(runsvdir.pid());
    runsvdir.signal(SIGHUP);
    CHECK(runsvdir.wait().code == 111);
    for (const pid_t runsv : children) CHECK(eventually([&] { return !is_alive(runsv); }));
}

TEST_CASE("a directory that comes is started and one that goes is stopped", "[shared]")
{
    Services services;
    services.add("stays");
    Process runsvdir(services.spec());
    REQUIRE(runs(services, runsvdir, "stays"));
    const pid_t stays = runsv_pid(runsvdir.pid(), "stays");
    services.move_in("comes");
    REQUIRE(runs(services, runsvdir, "comes"));
    const pid_t comes = runsv_pid(runsvdir.pid(), "comes");
    services.move_out("comes");
    CHECK(eventually([&] { return !is_alive(comes); }, slowly));
    CHECK(runsv_pid(runsvdir.pid(), "stays") == stays);
}

TEST_CASE("a name that gets a dot in front is a removed one", "[shared]")
{
    Services services;
    services.add("one");
    Process runsvdir(services.spec());
    REQUIRE(runs(services, runsvdir, "one"));
    const pid_t runsv = runsv_pid(runsvdir.pid(), "one");
    services.rename("one", ".one");
    CHECK(eventually([&] { return !is_alive(runsv); }, slowly));
}

TEST_CASE("a renamed directory keeps its runsv, and the next runsv has the new name", "[shared]")
{
    Services services;
    services.add("old");
    services.add("other");
    Process runsvdir(services.spec());
    REQUIRE(runs(services, runsvdir, "old"));
    REQUIRE(runs(services, runsvdir, "other"));
    const pid_t runsv = runsv_pid(runsvdir.pid(), "old");
    services.rename("old", "new");
    services.move_in("later");  // the sign that the directory was read
    REQUIRE(runs(services, runsvdir, "later"));
    CHECK(is_alive(runsv));
    ::kill(runsv, SIGKILL);
    CHECK(eventually([&] { return runsv_pid(runsvdir.pid(), "new") != 0; }, slowly));
}

TEST_CASE("a symlink to another services directory switches all services", "[shared]")
{
    Services services;
    services.tree.script("first/one/run", stay);
    services.tree.script("second/two/run", stay);
    std::filesystem::create_directory_symlink("first", services.tree.path("current"));
    Process runsvdir(services.spec({services.tree.path("current")}));
    REQUIRE(eventually([&] { return runsv_pid(runsvdir.pid(), "one") != 0; }, slowly));
    const pid_t one = runsv_pid(runsvdir.pid(), "one");
    std::filesystem::create_directory_symlink("second", services.tree.path("current.new"));
    std::filesystem::rename(services.tree.path("current.new"), services.tree.path("current"));
    CHECK(eventually([&] { return runsv_pid(runsvdir.pid(), "two") != 0; }, slowly));
    CHECK(eventually([&] { return !is_alive(one); }, slowly));
}

TEST_CASE("a runsv that dies is followed by another", "[shared]")
{
    Services services;
    services.add("one");
    Process runsvdir(services.spec());
    REQUIRE(runs(services, runsvdir, "one"));
    const pid_t first = runsv_pid(runsvdir.pid(), "one");
    ::kill(first, SIGKILL);
    CHECK(eventually(
        [&] {
            const pid_t next = runsv_pid(runsvdir.pid(), "one");
            return next != 0 && next != first;
        },
        slowly));
}

TEST_CASE("a runsv that ends at once is started about once a second", "[shared]")
{
    Services services;
    services.use_runsv("echo x >>../starts\n");
    services.tree.directory("service/one");
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return services.tree.read("starts").size() >= 6; }, slowly));
    const auto before = services.tree.read("starts").size() / 2;
    CHECK(always([&] { return services.tree.read("starts").size() / 2 <= before + 3; }, 2500ms));
    CHECK(eventually([&] { return services.tree.read("starts").size() / 2 >= before + 2; }));
}

TEST_CASE("a relative directory is looked up where runsvdir was started", "[shared]")
{
    Services services;
    services.add("one");
    Process runsvdir(services.spec({"service/"}));
    REQUIRE(runs(services, runsvdir, "one"));
    services.move_in("two");
    CHECK(runs(services, runsvdir, "two"));
}

TEST_CASE("with -P each runsv has a session of its own, with -- it has not", "[shared]")
{
    for (const std::string option : {"-P", "--"}) {
        Services services;
        services.add("one");
        Process runsvdir(services.spec({option, services.directory()}));
        REQUIRE(runs(services, runsvdir, "one"));
        const pid_t runsv = runsv_pid(runsvdir.pid(), "one");
        CHECK((::getsid(runsv) == runsv) == (option == "-P"));
        CHECK((::getpgid(runsv) == runsv) == (option == "-P"));
    }
}

TEST_CASE("without a directory it prints its usage and ends with 1", "[shared]")
{
    for (const auto& arguments : std::vector<std::vector<std::string>>{{}, {"-P"}, {"--"}}) {
        const auto finished = run(Services{}.spec(arguments));
        CHECK(finished.code == 1);
        CHECK(contains(finished.err, "usage: "));
        CHECK(contains(finished.err, "runsvdir [-P] "));
        CHECK(finished.err.ends_with("\n\n"));
    }
}

TEST_CASE("a services directory that is missing is warned about and waited for", "[shared]")
{
    Services services;
    services.tree.remove("service");
    Process runsvdir(services.spec());
    const std::string warning = "runsvdir " + services.directory() + ": warning: unable to stat " +
                                services.directory() + ": file does not exist\n";
    CHECK(eventually([&] { return contains(runsvdir.err(), warning); }));
    services.add("one");
    CHECK(runs(services, runsvdir, "one"));
}

TEST_CASE("a services directory that vanishes leaves the services alone until it is back", "[shared]")
{
    Services services;
    services.add("one");
    services.add("two");
    Process runsvdir(services.spec());
    REQUIRE(runs(services, runsvdir, "one"));
    REQUIRE(runs(services, runsvdir, "two"));
    const pid_t one = runsv_pid(runsvdir.pid(), "one");
    const pid_t two = runsv_pid(runsvdir.pid(), "two");
    std::filesystem::rename(services.directory(), services.tree.path("away"));
    CHECK(eventually([&] { return contains(runsvdir.err(), "unable to stat "); }, slowly));
    CHECK(is_alive(one));
    std::filesystem::rename(services.tree.path("away/two"), services.tree.path("two"));
    std::filesystem::rename(services.tree.path("away"), services.directory());
    CHECK(eventually([&] { return !is_alive(two); }, slowly));
    CHECK(runsv_pid(runsvdir.pid(), "one") == one);
}

TEST_CASE("a services directory that is a file is warned about and waited for", "[shared]")
{
    Services services;
    services.tree.remove("service");
    services.tree.file("service", "");
    Process runsvdir(services.spec());
    const std::string warning =
        ": warning: unable to change directory to " + services.directory() + ": not a directory\n";
    CHECK(eventually([&] { return contains(runsvdir.err(), warning); }));
    services.tree.remove("service");
    services.add("one");
    CHECK(runs(services, runsvdir, "one"));
}

TEST_CASE("a symlink that leads nowhere is named, and the others run", "[shared]")
{
    Services services;
    services.add("one");
    std::filesystem::create_symlink("nowhere", services.of("dangling"));
    Process runsvdir(services.spec());
    CHECK(runs(services, runsvdir, "one"));
    CHECK(contains(runsvdir.err(), ": warning: unable to stat dangling: file does not exist\n"));
}

TEST_CASE("a symlink that leads nowhere is told of once, however often the directory changes")
{
    Services services;
    std::filesystem::create_symlink("nowhere", services.of("dangling"));
    Process runsvdir(services.spec());
    for (int number = 0; number < 5; ++number) {
        const std::string name = std::to_string(number);
        services.move_in(name);
        REQUIRE(runs(services, runsvdir, name));
    }
    CHECK(runsvdir.err() ==
          "runsvdir " + services.directory() + ": warning: unable to stat dangling: file does not exist\n");
}

TEST_CASE("a runsv that cannot be found is told with the service and the reason", "[shared]")
{
    Services services;
    services.add("one");
    auto spec = services.spec();
    spec.environment["PATH"] = services.tree.path("empty");
    Process runsvdir(spec);
    CHECK(eventually([&] {
        return contains(runsvdir.err(), "runsvdir " + services.directory() +
                                            ": fatal: unable to start runsv one: file does not exist\n");
    }));
    CHECK(runsvdir.is_running());
    std::filesystem::create_directory_symlink(services.tree.path("bin"), services.tree.path("empty"));
    CHECK(runs(services, runsvdir, "one"));
}

TEST_CASE("names with blanks, dashes, newlines and 255 bytes are names", "[shared]")
{
    Services services;
    const std::vector<std::string> names{"two words", "-x", "a\nb", "\xff\xfe", "*", std::string(255, 'n')};
    for (const auto& name : names) services.add(name);
    Process runsvdir(services.spec());
    for (const auto& name : names) CHECK(runs(services, runsvdir, name));
}

TEST_CASE("ALRM has the directory read again and the time of it written to .forced-rescan", "[shared]")
{
    Services services;
    services.add("one");
    Process runsvdir(services.spec());
    REQUIRE(runs(services, runsvdir, "one"));
    REQUIRE(eventually([&] {
        runsvdir.signal(SIGALRM);
        const std::string stamp = services.tree.read("service/.forced-rescan");
        return stamp.size() == 25 && stamp.starts_with("@4000000");
    }));
    CHECK(runsvdir.is_running());
}
