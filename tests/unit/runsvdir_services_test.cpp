#include <map>
#include <string>

#include "runsvdir/services.hpp"
#include "support/catch.hpp"

using namespace runsuite;
using namespace runsuite::runsvdir;
using namespace std::chrono_literals;

namespace {

constexpr Instant now = 100s;

ServiceId id(std::uint64_t inode)
{
    return {1, inode};
}

void scan(Services& services, const std::multimap<std::uint64_t, std::string>& seen, bool saw_everything = true)
{
    services.begin_scan();
    for (const auto& [inode, name] : seen) REQUIRE(services.note(id(inode), name.c_str()));
    services.end_scan(saw_everything);
    services.forget_gone();
}

Known& named(Services& services, const std::string& name)
{
    for (Known& known : services.all()) {
        if (known.name == name) return known;
    }
    FAIL("no service " << name);
    return *services.all().begin();
}

void start(Services& services, const std::string& name, pid_t pid)
{
    Known& known = named(services, name);
    services.update(known, after_start(known, pid, now));
}

}  // namespace

TEST_CASE("two names for one directory make one service")
{
    Services services;
    scan(services, {{1, "a"}, {1, "b"}});
    REQUIRE(services.size() == 1);
    CHECK(std::string(services.all().begin()->name) == "a");
}

TEST_CASE("a renamed directory keeps its runsv, and the next one gets the new name")
{
    Services services;
    scan(services, {{1, "old"}});
    start(services, "old", 7);
    scan(services, {{1, "new"}});
    REQUIRE(services.size() == 1);
    CHECK(named(services, "new").pid == 7);
    CHECK(due(named(services, "new"), nullptr, now) == Due::Nothing);
}

TEST_CASE("a directory on another device is another service, whatever its inode")
{
    Services services;
    services.begin_scan();
    CHECK(services.note({1, 5}, "a"));
    CHECK(services.note({2, 5}, "b"));
    services.end_scan(true);
    CHECK(services.size() == 2);
}

TEST_CASE("a removed service without a runsv is forgotten at once")
{
    Services services;
    scan(services, {{1, "a"}, {2, "b"}});
    scan(services, {{2, "b"}});
    CHECK(services.size() == 1);
}

TEST_CASE("a removed service is known until its runsv is gone")
{
    Services services;
    scan(services, {{1, "a"}});
    start(services, "a", 7);
    scan(services, {});
    REQUIRE(services.with_pid(7) != nullptr);
    services.update(*services.with_pid(7), after_death(*services.with_pid(7)));
    services.forget_gone();
    CHECK(services.size() == 0);
}

TEST_CASE("a scan that could not see everything removes nothing")
{
    Services services;
    scan(services, {{1, "a"}, {2, "b"}});
    start(services, "a", 7);
    scan(services, {{2, "b"}}, false);
    CHECK(services.size() == 2);
    CHECK(due(named(services, "a"), nullptr, now) == Due::Nothing);
}

TEST_CASE("a name that leads nowhere for the moment is not removed")
{
    Services services;
    scan(services, {{1, "a"}});
    services.begin_scan();
    services.note_unreadable("a");
    services.end_scan(true);
    CHECK(named(services, "a").wanted);
}

TEST_CASE("a directory that replaces another under its name finds its predecessor until that one's runsv is gone")
{
    Services services;
    scan(services, {{1, "a"}, {3, "other"}});
    start(services, "a", 7);
    scan(services, {{2, "a"}, {3, "other"}});
    REQUIRE(services.size() == 3);
    Known& successor = *services.with_id(id(2));
    REQUIRE(services.predecessor_of(successor) != nullptr);
    CHECK(services.predecessor_of(successor)->pid == 7);
    CHECK(services.predecessor_of(named(services, "other")) == nullptr);

    services.update(*services.with_pid(7), after_death(*services.with_pid(7)));
    CHECK(services.predecessor_of(successor) == nullptr);
    services.forget_gone();
    CHECK(services.size() == 2);
}

TEST_CASE("two directories that swap their names keep their runsv")
{
    Services services;
    scan(services, {{1, "a"}, {2, "b"}});
    start(services, "a", 7);
    start(services, "b", 8);
    scan(services, {{1, "b"}, {2, "a"}});
    CHECK(named(services, "a").pid == 8);
    CHECK(named(services, "b").pid == 7);
    for (Known& known : services.all()) CHECK(due(known, services.predecessor_of(known), now) == Due::Nothing);
}

TEST_CASE("the first deadline of all services counts")
{
    Services services;
    CHECK(services.deadline() == never);
    scan(services, {{1, "a"}, {2, "b"}});
    start(services, "a", 7);
    start(services, "b", 8);
    CHECK(services.deadline() == never);
    services.update(named(services, "b"), after_death(named(services, "b")));
    CHECK(services.deadline() == now + 1s);
}

TEST_CASE("there is no limit on the number of services")
{
    Services services;
    for (int round = 0; round < 2; ++round) {
        services.begin_scan();
        for (std::uint64_t inode = 1; inode <= 5000; ++inode) {
            REQUIRE(services.note(id(inode), std::to_string(inode).c_str()));
        }
        services.end_scan(true);
        CHECK(services.size() == 5000);
    }
    for (std::uint64_t inode = 1; inode <= 5000; ++inode) {
        REQUIRE(services.with_id(id(inode)) != nullptr);
        REQUIRE(services.with_id(id(inode))->name == std::to_string(inode));
    }
}

TEST_CASE("a pid that is nobody's is nobody's")
{
    Services services;
    scan(services, {{1, "a"}});
    CHECK(services.with_pid(12345) == nullptr);
}

namespace {

std::size_t open_ones(Services& services)
{
    std::size_t count = 0;
    services.each_open([&](Known&) { return ++count > 0; });
    return count;
}

void settle(Services& services)
{
    pid_t pid = 100;
    for (Known& known : services.all()) {
        if (known.pid == 0) services.update(known, after_start(known, ++pid, now));
    }
    services.forget_gone();
}

}  // namespace

TEST_CASE("only services that something can be due for are gone through")
{
    Services services;
    scan(services, {{1, "a"}, {2, "b"}, {3, "c"}});
    CHECK(open_ones(services) == 3);
    settle(services);
    CHECK(open_ones(services) == 0);
    services.update(named(services, "b"), after_death(named(services, "b")));
    CHECK(open_ones(services) == 1);
    CHECK(services.miss("c"));
    CHECK(open_ones(services) == 2);
}

TEST_CASE("a name that comes or goes is taken in without a scan")
{
    Services services;
    scan(services, {{1, "a"}, {2, "b"}});
    settle(services);
    CHECK(services.see(id(3), "c"));
    CHECK(named(services, "c").pid == 0);
    CHECK(services.miss("b"));
    CHECK(due(named(services, "b"), nullptr, now) == Due::Stop);
    CHECK(services.see(id(1), "a"));
    CHECK(due(named(services, "a"), nullptr, now) == Due::Nothing);
    CHECK(services.miss("nobody"));
}

TEST_CASE("a directory whose old name is gone and whose new one has come keeps its runsv, without a scan")
{
    Services services;
    scan(services, {{1, "old"}, {2, "b"}});
    start(services, "old", 7);
    CHECK(services.miss("old"));
    CHECK(services.see(id(1), "new"));
    CHECK(named(services, "new").pid == 7);
    CHECK(due(named(services, "new"), nullptr, now) == Due::Nothing);
}

TEST_CASE("a name that leads to another directory makes that one wait for the old runsv, without a scan")
{
    Services services;
    scan(services, {{1, "a"}});
    start(services, "a", 7);
    CHECK(services.see(id(2), "a"));
    Known* const successor = services.with_id(id(2));
    REQUIRE(successor != nullptr);
    REQUIRE(services.predecessor_of(*successor) != nullptr);
    CHECK(services.predecessor_of(*successor)->pid == 7);
    CHECK(due(*services.with_pid(7), nullptr, now) == Due::Stop);
}

TEST_CASE("of a directory with two names, and of one that changed names with another, only a scan can tell")
{
    Services services;
    scan(services, {{1, "a"}, {1, "other"}, {2, "b"}, {3, "c"}});
    CHECK_FALSE(services.miss("a"));
    CHECK_FALSE(services.see(id(4), "a"));
    CHECK_FALSE(services.see(id(3), "b"));
    CHECK_FALSE(services.see(id(2), "second"));
    CHECK(named(services, "a").wanted);
}

TEST_CASE("sorted by name they stay sorted when one is forgotten")
{
    Services services;
    scan(services, {{5, "a"}, {4, "b"}, {3, "c"}, {2, "d"}});
    services.sort_by_name();
    services.miss("b");
    services.forget_gone();
    std::string names;
    for (const Known& known : services.all()) names += known.name;
    CHECK(names == "acd");
    names.clear();
    services.each_open([&](const Known& known) { return !(names += known.name).empty(); });
    CHECK(names == "acd");
}
