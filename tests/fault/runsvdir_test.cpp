// The kernel says no: runsvdir goes on, says so once, and is whole again when the cause is gone.
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "support/catch.hpp"
#include "support/sanitizer.hpp"
#include "support/services.hpp"
#include "support/strace.hpp"

using namespace support;
using namespace std::chrono_literals;

namespace {

// A retry comes after five seconds at the latest.
constexpr auto slowly = 20s;

void add_sleepers(const Services& services, int first, int count)
{
    for (int number = first; number < first + count; ++number) {
        services.tree.directory("service/" + std::to_string(number));
    }
}

std::size_t living_children_of(const Process& runsvdir)
{
    const auto children = children_of(runsvdir.pid());
    return static_cast<std::size_t>(std::count_if(children.begin(), children.end(), is_alive));
}

bool runsv_named(const Process& runsvdir, const std::string& name)
{
    return !runsv_of(runsvdir.pid(), name).empty();
}

void limit(pid_t pid, decltype(RLIMIT_DATA) resource, rlim_t count)
{
    rlimit limits{};
    REQUIRE(::prlimit(pid, resource, nullptr, &limits) == 0);
    limits.rlim_cur = std::min(count, limits.rlim_max);
    REQUIRE(::prlimit(pid, resource, &limits, nullptr) == 0);
}

}  // namespace

TEST_CASE("a fork that fails is told once and tried again after a second")
{
    if (!has_strace()) return;
    Services services;
    services.use_runsv(sleeping_runsv);
    add_sleepers(services, 1000000, 20);
    Process runsvdir(with_failing(services.spec(), "vfork,fork,clone,clone3", "error=EAGAIN:when=3..5"));
    CHECK(eventually([&] { return living_children_of(runsvdir) == 20; }, slowly));
    CHECK(count_of(runsvdir.err(), ": warning: unable to fork for ") == 1);
    CHECK(count_of(runsvdir.err(), ": temporary failure\n") == 1);
    CHECK(runsvdir.is_running());
}

TEST_CASE("out of descriptors the services run on, and new ones are seen when there are some again")
{
    Services services;
    services.use_runsv(sleeping_runsv);
    add_sleepers(services, 1000000, 2);
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return living_children_of(runsvdir) == 2; }));
    limit(runsvdir.pid(), RLIMIT_NOFILE, 5);
    add_sleepers(services, 1000010, 1);
    runsvdir.signal(SIGALRM);
    CHECK(eventually([&] { return contains(runsvdir.err(), "process cannot open more files"); }));
    CHECK(living_children_of(runsvdir) == 2);
    limit(runsvdir.pid(), RLIMIT_NOFILE, 256);
    CHECK(eventually([&] { return living_children_of(runsvdir) == 3; }, slowly));
    CHECK(count_of(runsvdir.err(), "warning: ") == 1);
}

TEST_CASE("a runsv that dies while the directory cannot be opened is started again")
{
    Services services;
    services.use_runsv(sleeping_runsv);
    add_sleepers(services, 1000000, 1);
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return living_children_of(runsvdir) == 1; }));
    limit(runsvdir.pid(), RLIMIT_NOFILE, 5);
    runsvdir.signal(SIGALRM);
    REQUIRE(eventually([&] { return contains(runsvdir.err(), "process cannot open more files"); }));
    limit(runsvdir.pid(), RLIMIT_NOFILE, 8);  // what its child needs
    const pid_t first = children_of(runsvdir.pid())[0];
    ::kill(first, SIGKILL);
    CHECK(eventually([&] {
        const auto children = children_of(runsvdir.pid());
        return std::any_of(children.begin(), children.end(),
                           [&](pid_t child) { return child != first && is_alive(child); });
    }));
}

TEST_CASE("with every open failing for a while nothing is lost: all that came and went meanwhile is seen then")
{
    if (!has_strace()) return;
    Services services;
    services.use_runsv(sleeping_runsv);
    add_sleepers(services, 1000000, 3);
    std::filesystem::create_directory_symlink("../1000020", services.of("1000020"));
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return living_children_of(runsvdir) == 3; }));
    const auto first = children_of(runsvdir.pid());
    const auto open = descriptors_of(runsvdir.pid()).size();
    {
        const Blocker blocker{runsvdir.pid(), "?open,openat", "EMFILE"};
        runsvdir.signal(SIGALRM);
        REQUIRE(eventually([&] { return contains(runsvdir.err(), "process cannot open more files"); }));
        for (const pid_t child : first) CHECK(is_alive(child));
        // A link that led nowhere is looked at with everything else, the other names need no descriptor.
        services.tree.directory("1000020");
        add_sleepers(services, 1000010, 1);
        services.tree.remove("service/1000000");
        CHECK(always([&] { return !runsv_named(runsvdir, "1000020"); }, 300ms));
    }
    CHECK(
        eventually([&] { return runsv_named(runsvdir, "1000020") && runsv_named(runsvdir, "1000010"); }, slowly));
    CHECK(eventually([&] { return !runsv_named(runsvdir, "1000000"); }, slowly));
    // A dying process has no name for a moment and is still there.
    CHECK(eventually([&] { return living_children_of(runsvdir) == 4; }));
    CHECK(count_of(runsvdir.err(), "warning: ") == 2);  // of the link, and of the descriptors
    CHECK(eventually([&] { return descriptors_of(runsvdir.pid()).size() == open; }));
}

TEST_CASE("every open in turn may fail at the start: it is fatal in one line, or all services run in the end")
{
    if (!has_strace()) return;
    for (int failing = 1; failing <= 8; ++failing) {
        Services services;
        services.use_runsv(sleeping_runsv);
        add_sleepers(services, 1000000, 2);
        // What the loader of a dynamic program opens fails too, and that is no matter of ours.
        const std::string when = std::to_string(failing);
        Process runsvdir(with_failing(services.spec(), "?open,openat", "error=EMFILE:when=" + when));
        CHECK(eventually([&] { return !runsvdir.is_running() || living_children_of(runsvdir) == 2; }, slowly));
        INFO("the open that failed: " << failing << ", stderr: " << runsvdir.err());
        CHECK(count_of(runsvdir.err(), "\n") <= 1);
        if (runsvdir.is_running()) {
            CHECK(living_children_of(runsvdir) == 2);
        } else {
            CHECK((contains(runsvdir.err(), ": fatal: unable to ") ||
                   contains(runsvdir.err(), "error while loading shared libraries")));
        }
    }
}

TEST_CASE("without an inotify instance it looks every five seconds, and watches when one is free")
{
    if (!has_strace()) return;
    Services services;
    services.use_runsv(sleeping_runsv);
    Process runsvdir(with_failing(services.spec(), "inotify_init1", "error=EMFILE:when=1..2"));
    REQUIRE(eventually([&] { return contains(runsvdir.err(), "unable to watch directories"); }));
    add_sleepers(services, 1000000, 1);
    CHECK(eventually([&] { return living_children_of(runsvdir) == 1; }, slowly));
    CHECK(count_of(runsvdir.err(), "warning: ") == 1);
    CHECK(eventually(
        [&] {
            services.tree.remove("service/1000000");
            const bool gone = eventually([&] { return living_children_of(runsvdir) == 0; }, 500ms);
            add_sleepers(services, 1000000, 1);
            eventually([&] { return living_children_of(runsvdir) == 1; }, slowly);
            return gone;
        },
        slowly));
}

TEST_CASE("without a watch on the directory it looks every five seconds")
{
    if (!has_strace()) return;
    Services services;
    services.use_runsv(sleeping_runsv);
    Process runsvdir(with_failing(services.spec(), "inotify_add_watch", "error=ENOSPC"));
    REQUIRE(eventually([&] { return contains(runsvdir.err(), ": warning: unable to watch directory "); }));
    add_sleepers(services, 1000000, 1);
    CHECK(eventually([&] { return living_children_of(runsvdir) == 1; }, slowly));
    services.tree.remove("service/1000000");
    CHECK(eventually([&] { return living_children_of(runsvdir) == 0; }, slowly));
    CHECK(count_of(runsvdir.err(), "warning: ") == 1);
}

TEST_CASE("out of memory for more services the known ones run on, and the others come later")
{
    if (is_sanitized) {
        std::cerr << "skipped: a sanitizer ends the program when there is no memory\n";
        return;
    }
    Services services;
    services.use_runsv(sleeping_runsv);
    add_sleepers(services, 1000000, 2);
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return living_children_of(runsvdir) == 2; }));
    const auto first = children_of(runsvdir.pid());
    limit(runsvdir.pid(), RLIMIT_DATA, 4096);
    // Names of 250 digits: more memory than the heap has left. They come at once: it could remember the first of them, take
    // the trouble for over, and rightly tell of it again.
    runsvdir.signal(SIGSTOP);
    REQUIRE(eventually([&] { return proc_field(runsvdir.pid(), "State").starts_with("T"); }));
    for (int number = 0; number < 800; ++number) {
        services.tree.directory("service/" + std::string(246, '1') + std::to_string(1000 + number));
    }
    runsvdir.signal(SIGCONT);
    CHECK(eventually([&] { return contains(runsvdir.err(), ": out of memory\n"); }));
    CHECK(runsvdir.is_running());
    for (const pid_t child : first) CHECK(is_alive(child));
    limit(runsvdir.pid(), RLIMIT_DATA, RLIM_INFINITY);
    CHECK(eventually([&] { return living_children_of(runsvdir) == 802; }, slowly));
    CHECK(count_of(runsvdir.err(), ": out of memory\n") == 1);
}

TEST_CASE("without a pipe there is no log, and everything else works")
{
    if (!has_strace()) return;
    Services services;
    services.add("one");
    Process runsvdir(with_failing(services.spec({services.directory(), "log: ......"}), "pipe2", "error=EMFILE"));
    CHECK(eventually([&] { return is_supervised(services.of("one")); }));
    CHECK(contains(runsvdir.err(), ": warning: unable to create pipe for log: process cannot open more files\n"));
    CHECK(contains(runsvdir.err(), ": warning: log service disabled.\n"));
}

TEST_CASE("a listing that breaks off removes nothing")
{
    if (!has_strace()) return;
    Services services;
    services.use_runsv(sleeping_runsv);
    add_sleepers(services, 1000000, 3);
    Process runsvdir(with_failing(services.spec(), "getdents64", "error=EIO:when=3..4"));
    REQUIRE(eventually([&] { return living_children_of(runsvdir) == 3; }));
    const auto first = children_of(runsvdir.pid());
    runsvdir.signal(SIGALRM);
    CHECK(eventually([&] { return contains(runsvdir.err(), ": warning: unable to read directory "); }));
    add_sleepers(services, 2000000, 1);
    CHECK(eventually([&] { return living_children_of(runsvdir) == 4; }, slowly));
    for (const pid_t child : first) CHECK(is_alive(child));
}

TEST_CASE("a service that cannot be looked at for the moment is not removed")
{
    if (!has_strace()) return;
    Services services;
    services.use_runsv(sleeping_runsv);
    add_sleepers(services, 1000000, 1);
    std::filesystem::create_directory_symlink("1000000", services.of("1000009"));
    Process runsvdir(services.spec());
    REQUIRE(eventually([&] { return living_children_of(runsvdir) == 1; }));
    const pid_t first = children_of(runsvdir.pid())[0];
    StartSpec attached;
    attached.argv = {"strace", "-qq",
                     "-o",     "/dev/null",
                     "-p",     std::to_string(runsvdir.pid()),
                     "-P",     "1000000",
                     "-P",     "1000009",
                     "-e",     "trace=newfstatat,stat",
                     "-e",     "inject=newfstatat,stat:error=EIO"};
    {
        Process strace(attached);
        REQUIRE(eventually([&] { return proc_field(runsvdir.pid(), "TracerPid") != "0"; }));
        runsvdir.signal(SIGALRM);
        CHECK(
            eventually([&] { return contains(runsvdir.err(), "unable to stat 1000000: input/output error\n"); }));
        strace.signal(SIGTERM);
        strace.wait();
    }
    CHECK(always([&] { return is_alive(first); }, 300ms));
}

TEST_CASE("a directory that may not be read is named, and read when it may", "[unprivileged]")
{
    if (::geteuid() != 0) {
        WARN("skipped: needs root to become somebody else");
        return;
    }
    Services services;
    services.use_runsv(sleeping_runsv);
    add_sleepers(services, 1000000, 1);
    std::filesystem::permissions(services.tree.path(), std::filesystem::perms::all);
    std::filesystem::permissions(services.directory(), std::filesystem::perms(0711));
    auto spec = services.spec();
    spec.argv.insert(spec.argv.begin(), {"setpriv", "--reuid", "65534", "--clear-groups"});
    Process runsvdir(spec);
    CHECK(eventually([&] {
        return contains(runsvdir.err(),
                        ": warning: unable to open directory " + services.directory() + ": access denied\n");
    }));
    std::filesystem::permissions(services.directory(), std::filesystem::perms(0755));
    CHECK(eventually([&] { return living_children_of(runsvdir) == 1; }, slowly));
    CHECK(count_of(runsvdir.err(), "unable to open directory") == 1);
}
