// Changes are noticed at once, and one runsv never gets in the way of another: better than the reference.
#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>

#include "posix/filesystem.hpp"
#include "posix/unique_fd.hpp"
#include "posix/watch.hpp"
#include "support/catch.hpp"
#include "support/services.hpp"
#include "support/strace.hpp"

using namespace support;
using namespace std::chrono_literals;

namespace {

// Before the look that comes every five seconds, and with room for a busy machine. Built without inotify, it is that look.
const std::chrono::milliseconds at_once = runsuite::Watch::open() ? 3s : 20s;

// Says when it starts and ends, and takes until "go" exists to end after a TERM. Like runsv it stays in its directory.
const std::string slow_to_end =
    "cd $1; name=$1; top=$(dirname $0)/..\n"
    "tell() { echo $* >>$top/events; }\n"
    "trap 'tell term $name; until test -e $top/go; do sleep 0.01; done; tell end; exit' TERM\n"
    "tell start $name $(cat which)\n"
    "while :; do sleep 0.01; done\n";

bool tells_of_changes(const std::string& directory)
{
    const runsuite::UniqueFd fd{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return runsuite::Watch::open() && runsuite::sees_every_change(fd.get());
}

bool supervises(const Services& services, const std::string& name)
{
    return eventually([&] { return is_supervised(services.of(name)); });
}

long wakeups_of(pid_t pid)
{
    return std::stol("0" + proc_field(pid, "voluntary_ctxt_switches"));
}

}  // namespace

TEST_CASE("a directory that is renamed into place runs at once", "[bug-33]")
{
    Services services;
    Process runsvdir(services.spec());
    services.move_in("first");
    REQUIRE(supervises(services, "first"));
    // One of them alone may come just before the look that is due.
    const auto begin = std::chrono::steady_clock::now();
    for (const std::string name : {"one", "two", "three", "four", "five"}) {
        services.move_in(name);
        REQUIRE(eventually([&] { return pid_in(services.of(name)) != 0; }, 20s));
    }
    CHECK(std::chrono::steady_clock::now() - begin < at_once);
}

TEST_CASE("one change has one name looked at, however many services there are")
{
    if (!has_strace() || !runsuite::Watch::open()) return;
    Services services;
    services.use_runsv(sleeping_runsv);
    for (int number = 0; number < 100; ++number)
        services.tree.directory("service/" + std::to_string(1000 + number));
    StartSpec traced = services.spec();
    traced.argv.insert(traced.argv.begin(), {"strace", "-D", "-qq", "-o", services.tree.path("calls"), "-e",
                                             "signal=none", "-e", "trace=?stat,?newfstatat,?statx,getdents64"});
    Process runsvdir(traced);
    const auto calls = [&] { return services.tree.read("calls"); };
    REQUIRE(eventually([&] { return children_of(runsvdir.pid()).size() == 100; }));
    REQUIRE(eventually([&] { return proc_field(runsvdir.pid(), "State").starts_with("S"); }));
    const std::size_t before = calls().size();
    services.tree.directory("new");
    std::filesystem::rename(services.tree.path("new"), services.of("1"));
    REQUIRE(eventually([&] { return children_of(runsvdir.pid()).size() == 101; }));
    services.rename("1", "2");
    services.rename("1050", ".1050");
    services.tree.remove("service/1060");
    REQUIRE(eventually([&] { return children_of(runsvdir.pid()).size() == 99; }));
    services.move_out("1070");
    REQUIRE(eventually([&] { return children_of(runsvdir.pid()).size() == 98; }));
    const std::string since = calls().substr(before);
    INFO(since);
    CHECK(count_of(since, "getdents64") <= 1);
    CHECK(count_of(since, "\n") < 25);
}

TEST_CASE("an essential service is not asked about with every child that ends")
{
    if (!has_strace()) return;
    Services services;
    for (const std::string name : {"one", "two", "three"}) services.add(name);
    StartSpec traced = services.spec({"-i", services.directory()});
    traced.argv.insert(traced.argv.begin(), {"strace", "-D", "-qq", "-o", services.tree.path("calls"), "-e",
                                             "signal=none", "-e", "trace=?open,openat"});
    Process runsvdir(traced);
    for (const std::string name : {"one", "two", "three"}) REQUIRE(supervises(services, name));
    const pid_t one = runsv_pid(runsvdir.pid(), "one");
    ::kill(one, SIGKILL);
    REQUIRE(eventually([&] { return runsv_pid(runsvdir.pid(), "one") != 0 && !is_alive(one); }));
    runsvdir.signal(SIGTERM);
    CHECK(runsvdir.wait().code == 0);
    CHECK_FALSE(contains(services.tree.read("calls"), "supervise/exit"));
}

TEST_CASE("with -o the wait for a service is no polling")
{
    if (!has_strace()) return;
    Services services;
    for (const std::string name : {"a", "b", "c"}) {
        services.add(name);
        services.tree.script("service/" + name + "/control/u", "sleep 0.3\n");
    }
    services.add("d");
    services.tree.file("service/d/down", "");
    services.add("e");
    StartSpec traced = services.spec({"-o", services.directory()});
    traced.argv.insert(traced.argv.begin(), {"strace", "-D", "-qq", "-r", "-o", services.tree.path("calls"), "-e",
                                             "signal=none", "-e", "trace=ppoll"});
    const auto begin = std::chrono::steady_clock::now();
    Process runsvdir(traced);
    REQUIRE(eventually([&] { return pid_in(services.of("e")) != 0; }));
    CHECK(std::chrono::steady_clock::now() - begin < 2500ms);  // nobody's second was used up
    CHECK(std::chrono::steady_clock::now() - begin >= 900ms);
    CHECK(count_of(services.tree.read("calls"), "ppoll(") < 40);
}

TEST_CASE("a runsv that was told to exit is started again two seconds later, one that was killed at once")
{
    Services services;
    services.add("one");
    Process runsvdir(services.spec());
    REQUIRE(supervises(services, "one"));
    const pid_t first = runsv_pid(runsvdir.pid(), "one");
    CHECK(always([&] { return is_alive(first); }, 1100ms));
    services.tree.append("service/one/supervise/control", "x");
    REQUIRE(eventually([&] { return !is_alive(first); }));
    CHECK(always([&] { return runsv_pid(runsvdir.pid(), "one") == 0; }, 1500ms));
    REQUIRE(supervises(services, "one"));
    const pid_t second = runsv_pid(runsvdir.pid(), "one");
    CHECK(always([&] { return is_alive(second); }, 1100ms));
    ::kill(second, SIGKILL);
    CHECK(eventually([&] { return runsv_pid(runsvdir.pid(), "one") != 0 && !is_alive(second); }, 900ms));
}

TEST_CASE("a directory that is made in place gets its down file and its log before it is started", "[bug-33]")
{
    Services services;
    Process runsvdir(services.spec());
    services.move_in("first");
    REQUIRE(supervises(services, "first"));
    services.tree.directory("service/late");
    CHECK(always([&] { return !services.tree.has("service/late/supervise"); }, 300ms));
    services.tree.file("service/late/down", "");
    services.tree.script("service/late/log/run", stay);
    services.add("late");
    REQUIRE(supervises(services, "late"));
    CHECK(eventually([&] { return stat_in(services.of("late")) == "down"; }));
    CHECK(eventually([&] { return pid_in(services.of("late/log")) != 0; }));
}

TEST_CASE("a symlink in the middle of the path is looked after too", "[shared]")
{
    Services services;
    services.tree.script("one/sv/old/run", stay);
    services.tree.script("two/sv/new/run", stay);
    std::filesystem::create_directory_symlink("one", services.tree.path("cur"));
    Process runsvdir(services.spec({services.tree.path("cur/sv")}));
    REQUIRE(eventually([&] { return is_supervised(services.tree.path("one/sv/old")); }));
    std::filesystem::create_directory_symlink("two", services.tree.path("cur.new"));
    std::filesystem::rename(services.tree.path("cur.new"), services.tree.path("cur"));
    CHECK(eventually([&] { return is_supervised(services.tree.path("two/sv/new")); }, 20s));
    CHECK(eventually([&] { return !is_supervised(services.tree.path("one/sv/old")); }, 20s));
}

TEST_CASE("a directory that is filled after it was made runs without being looked for again")
{
    Services services;
    Process runsvdir(services.spec());
    services.tree.directory("service/one");
    CHECK(eventually([&] { return runsv_pid(runsvdir.pid(), "one") != 0; }));
    services.add("one");
    CHECK(eventually([&] { return pid_in(services.of("one")) != 0; }));
}

TEST_CASE("services that are removed together are stopped together, at once", "[bug-35]")
{
    Services services;
    const std::vector<std::string> names{"1000001", "1000002", "1000003", "1000004"};
    services.use_runsv(sleeping_runsv);
    for (const auto& name : names) services.add(name);
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return children_of(runsvdir.pid()).size() == names.size(); }));
    for (const auto& name : names) services.move_out(name);
    CHECK(eventually([&] { return children_of(runsvdir.pid()).empty(); }, at_once));
}

TEST_CASE("a service that is deleted while it runs is stopped")
{
    Services services;
    services.use_runsv(sleeping_runsv);
    services.tree.directory("service/1000001");
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return children_of(runsvdir.pid()).size() == 1; }));
    services.tree.remove("service/1000001");
    CHECK(eventually([&] { return children_of(runsvdir.pid()).empty(); }, at_once));
}

TEST_CASE("a directory that replaces another under its name waits for the old runsv to be gone", "[bug-37]")
{
    Services services;
    services.use_runsv(slow_to_end);
    services.tree.file("service/one/which", "old");
    Process runsvdir(services.spec());
    const auto events = [&] { return services.tree.read("events"); };
    REQUIRE(eventually([&] { return events() == "start one old\n"; }));
    services.move_out("one");
    services.tree.file("new/which", "new");
    std::filesystem::rename(services.tree.path("new"), services.of("one"));
    REQUIRE(eventually([&] { return events() == "start one old\nterm one\n"; }));
    CHECK(always([&] { return events() == "start one old\nterm one\n"; }, 1500ms));
    services.tree.file("go", "");
    CHECK(eventually([&] { return events() == "start one old\nterm one\nend\nstart one new\n"; }));
}

TEST_CASE("a directory that is deleted and made again under its name waits for the old runsv to be gone",
          "[bug-37]")
{
    Services services;
    services.use_runsv(slow_to_end);
    services.tree.file("service/one/which", "old");
    Process runsvdir(services.spec());
    const auto events = [&] { return services.tree.read("events"); };
    REQUIRE(eventually([&] { return events() == "start one old\n"; }));
    services.tree.remove("service/one");
    services.tree.file("service/one/which", "new");
    CHECK(eventually([&] { return events() == "start one old\nterm one\n"; }));
    services.tree.file("go", "");
    CHECK(eventually([&] { return events() == "start one old\nterm one\nend\nstart one new\n"; }));
}

TEST_CASE("a predecessor that does not end is named once after five seconds")
{
    Services services;
    services.use_runsv(slow_to_end);
    services.tree.file("service/one/which", "old");
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return services.tree.read("events") == "start one old\n"; }));
    const pid_t old = children_of(runsvdir.pid())[0];
    services.move_out("one");
    services.tree.directory("service/one");
    CHECK(eventually([&] {
        return contains(runsvdir.err(),
                        ": warning: one waits for the runsv of the directory it replaced to end, pid " +
                            std::to_string(old) + "\n");
    }));
    CHECK(always([&] { return count_of(runsvdir.err(), " waits for ") == 1; }, 500ms));
}

TEST_CASE("a directory that goes and comes back while its runsv ends runs again after that")
{
    Services services;
    services.use_runsv(slow_to_end);
    services.tree.file("service/one/which", "same");
    Process runsvdir(services.spec());
    const auto events = [&] { return services.tree.read("events"); };
    REQUIRE(eventually([&] { return events() == "start one same\n"; }));
    services.rename("one", ".one");
    REQUIRE(eventually([&] { return contains(events(), "term one\n"); }));
    services.rename(".one", "one");
    CHECK(always([&] { return count_of(events(), "start") == 1; }, 300ms));
    services.tree.file("go", "");
    CHECK(eventually([&] { return events() == "start one same\nterm one\nend\nstart one same\n"; }));
}

TEST_CASE("a runsv that lived for more than a second is followed by the next one at once")
{
    Services services;
    services.use_runsv(sleeping_runsv);
    services.tree.directory("service/1000001");
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return children_of(runsvdir.pid()).size() == 1; }));
    const pid_t first = children_of(runsvdir.pid())[0];
    CHECK(always([&] { return is_alive(first); }, 1100ms));
    ::kill(first, SIGKILL);
    CHECK(eventually(
        [&] {
            const auto children = children_of(runsvdir.pid());
            return children.size() == 1 && children[0] != first && is_alive(children[0]);
        },
        at_once));
}

TEST_CASE("each service has a deadline of its own: one that keeps failing does not delay another")
{
    Services services;
    services.use_runsv("test $1 != failing || exit 1\nexec sleep 1000000\n");
    services.tree.directory("service/failing");
    services.tree.directory("service/fine");
    Process runsvdir(services.spec());
    const auto fine = [&] {
        for (const pid_t child : children_of(runsvdir.pid())) {
            const auto words = arguments_of(child);
            if (is_alive(child) && !words.empty() && words[0] == "sleep") return child;
        }
        return 0;
    };
    REQUIRE(eventually([&] { return fine() != 0; }));
    const pid_t first = fine();
    CHECK(always([&] { return is_alive(first); }, 1100ms));
    ::kill(first, SIGKILL);
    CHECK(eventually([&] { return fine() != 0 && fine() != first; }, at_once));
}

TEST_CASE("a services directory that comes back is noticed at once")
{
    Services services;
    services.tree.remove("service");
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return contains(runsvdir.err(), "unable to stat "); }));
    services.tree.script("prepared/one/run", stay);
    std::filesystem::rename(services.tree.path("prepared"), services.directory());
    CHECK(eventually([&] { return is_supervised(services.of("one")); }, at_once));
}

TEST_CASE("a switched symlink anywhere in a chain of them is noticed at once")
{
    Services services;
    services.tree.script("first/one/run", stay);
    services.tree.script("second/two/run", stay);
    services.tree.directory("etc");
    std::filesystem::create_directory_symlink("../first", services.tree.path("etc/current"));
    std::filesystem::create_directory_symlink(services.tree.path("etc/current"), services.tree.path("entry"));
    Process runsvdir(services.spec({services.tree.path("entry")}));
    REQUIRE(eventually([&] { return is_supervised(services.tree.path("first/one")); }));
    std::filesystem::create_directory_symlink("../second", services.tree.path("etc/new"));
    std::filesystem::rename(services.tree.path("etc/new"), services.tree.path("etc/current"));
    CHECK(eventually([&] { return is_supervised(services.tree.path("second/two")); }, at_once));
    CHECK(eventually([&] { return !is_supervised(services.tree.path("first/one")); }));
}

TEST_CASE("an idle tree is never woken up")
{
    Services services;
    services.add("one");
    if (!tells_of_changes(services.directory())) {
        WARN("skipped: the kernel does not tell of every change on this file system");
        return;
    }
    Process runsvdir(services.spec());
    REQUIRE(supervises(services, "one"));
    CHECK(eventually([&] { return proc_field(runsvdir.pid(), "State").starts_with("S"); }));
    const long before = wakeups_of(runsvdir.pid());
    CHECK(always([&] { return wakeups_of(runsvdir.pid()) == before; }, 7s));
}

TEST_CASE("a touched .forced-rescan has the directory read again")
{
    Services services;
    services.tree.file("service/.forced-rescan", "");
    services.add("one");
    Process runsvdir(services.spec());
    REQUIRE(supervises(services, "one"));
    // What a symlink leads to is looked at with the rest of the directory, not before.
    std::filesystem::create_symlink("../later", services.of("link"));
    REQUIRE(eventually([&] { return contains(runsvdir.err(), "unable to stat link"); }));
    services.tree.script("later/run", stay);
    ::utimes(services.of(".forced-rescan").c_str(), nullptr);
    CHECK(supervises(services, "link"));
}
