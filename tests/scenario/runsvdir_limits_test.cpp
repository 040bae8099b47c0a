// Many services, and signals in the midst of the work they make.
#include <sys/resource.h>

#include <csignal>

#include "support/catch.hpp"
#include "support/services.hpp"

using namespace support;
using namespace std::chrono_literals;

namespace {

void add_sleepers(const Services& services, int count)
{
    for (int number = 0; number < count; ++number) {
        services.tree.directory("service/" + std::to_string(1000000 + number));
    }
}

rlim_t process_limit()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NPROC, &limit);
    return limit.rlim_cur;
}

}  // namespace

TEST_CASE("there is no limit of 1000 services", "[bug-34]")
{
    if (::geteuid() != 0 && process_limit() < 2000) {
        WARN("skipped: no 2000 processes are allowed here");
        return;
    }
    Services services;
    services.use_runsv(sleeping_runsv);
    add_sleepers(services, 1100);
    Process runsvdir(services.spec());
    CHECK(eventually([&] { return children_of(runsvdir.pid()).size() == 1100; }, 60s));
    CHECK(runsvdir.err().empty());
    runsvdir.signal(SIGHUP);
    CHECK(runsvdir.wait().code == 111);
}

TEST_CASE("TERM in the midst of starting many services ends it at once", "[bug-37]")
{
    Services services;
    services.use_runsv(sleeping_runsv);
    add_sleepers(services, 800);
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return !children_of(runsvdir.pid()).empty(); }));
    runsvdir.signal(SIGTERM);
    CHECK(runsvdir.wait().code == 0);
    CHECK(children_of(::getpid()).size() < 800);  // its children have become ours
}

TEST_CASE("HUP in the midst of starting many services leaves none of them", "[bug-37]")
{
    Services services;
    services.use_runsv(sleeping_runsv);
    add_sleepers(services, 800);
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return !children_of(runsvdir.pid()).empty(); }));
    runsvdir.signal(SIGHUP);
    CHECK(runsvdir.wait().code == 111);
    CHECK(eventually([] {
        const auto left = children_of(::getpid());
        return std::none_of(left.begin(), left.end(), is_alive);
    }));
}

TEST_CASE("a change that comes while many services start is not missed")
{
    Services services;
    services.use_runsv(sleeping_runsv);
    add_sleepers(services, 200);
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return !children_of(runsvdir.pid()).empty(); }));
    for (int number = 2000000; number < 2000100; ++number) {
        services.tree.directory("service/" + std::to_string(number));
    }
    for (int number = 1000000; number < 1000050; ++number) {
        services.tree.remove("service/" + std::to_string(number));
    }
    CHECK(eventually([&] {
        const auto children = children_of(runsvdir.pid());
        return children.size() == 250 && std::all_of(children.begin(), children.end(), is_alive);
    }));
}

TEST_CASE("every runsv that dies in one moment comes back")
{
    Services services;
    services.use_runsv(sleeping_runsv);
    add_sleepers(services, 100);
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return children_of(runsvdir.pid()).size() == 100; }));
    const auto first = children_of(runsvdir.pid());
    for (const pid_t child : first) ::kill(child, SIGKILL);
    CHECK(eventually([&] {
        const auto next = children_of(runsvdir.pid());
        return next.size() == 100 && std::none_of(next.begin(), next.end(), [&](pid_t pid) {
                   return std::find(first.begin(), first.end(), pid) != first.end();
               });
    }));
}

TEST_CASE("it keeps four descriptors besides standard ones, and children get none of them")
{
    Services services;
    services.use_runsv(sleeping_runsv);
    add_sleepers(services, 1);
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return children_of(runsvdir.pid()).size() == 1; }));
    const pid_t child = children_of(runsvdir.pid())[0];
    REQUIRE(eventually([&] { return arguments_of(child) == std::vector<std::string>{"runsv", "1000000"}; }));
    const auto inherited = descriptors_of(::getpid()).size();
    CHECK(descriptors_of(runsvdir.pid()).size() <= inherited + 3 + 4);
    CHECK(descriptors_of(child).size() < descriptors_of(runsvdir.pid()).size());
}
