// The readproctitle log.
#include <fcntl.h>

#include <csignal>

#include "support/catch.hpp"
#include "support/services.hpp"

using namespace support;
using namespace std::chrono_literals;

namespace {

const std::string placeholder = "log: xxxxxxxxxxxxxxxxxxxxxxxxx";

std::string title_of(const Process& runsvdir)
{
    std::string text;
    const auto words = arguments_of(runsvdir.pid());
    return words.empty() ? "" : words.back();
}

int flags_of(pid_t pid, int fd)
{
    std::ifstream info("/proc/" + std::to_string(pid) + "/fdinfo/" + std::to_string(fd));
    for (std::string word; info >> word;) {
        if (word == "flags:" && info >> word) return std::stoi(word, nullptr, 8);
    }
    return -1;
}

}  // namespace

TEST_CASE("what services write to standard error is shown in place of the log argument", "[shared]")
{
    Services services;
    services.add("one", "printf 'first\\0\\nlast' >&2\n" + stay);
    Process runsvdir(services.spec({services.directory(), placeholder}));
    CHECK(eventually([&] { return title_of(runsvdir).ends_with("first\nlast"); }));
    CHECK(title_of(runsvdir) == "log: xxxxxxxxxxxxxx.first\nlast");
    CHECK(runsvdir.err().empty());
    CHECK(arguments_of(runsvdir.pid()).size() == 3);
}

TEST_CASE("what runsvdir and runsv write is shown too", "[shared]")
{
    Services services;
    services.tree.directory("service/norun");
    std::filesystem::create_symlink("nowhere", services.of("dangling"));
    Process runsvdir(services.spec({services.directory(), "log: " + std::string(1500, '.')}));
    CHECK(eventually([&] { return contains(title_of(runsvdir), "runsv norun: fatal: unable to start ./run: "); }));
    CHECK(eventually(
        [&] { return contains(title_of(runsvdir), "unable to stat dangling: file does not exist\n"); }));
}

TEST_CASE("a dot is written at the start", "[shared]")
{
    Services services;
    Process runsvdir(services.spec({services.directory(), placeholder}));
    CHECK(eventually([&] { return title_of(runsvdir) == "log: xxxxxxxxxxxxxxxxxxxxxxxx."; }));
}

TEST_CASE("a log of less than seven characters is refused with a warning", "[shared]")
{
    Services services;
    services.add("one", "echo from the service >&2\n" + stay);
    Process runsvdir(services.spec({services.directory(), "log: x"}));
    CHECK(eventually([&] { return contains(runsvdir.err(), "from the service\n"); }));
    const std::string head = "runsvdir " + services.directory() + ": warning: ";
    CHECK(contains(runsvdir.err(), head + "log must have at least seven characters.\n"));
    CHECK(contains(runsvdir.err(), head + "log service disabled.\n"));
    CHECK(title_of(runsvdir) == "log: x");
}

TEST_CASE("a log of seven characters is one", "[shared]")
{
    Services services;
    services.add("one", "printf ab >&2\n" + stay);
    Process runsvdir(services.spec({services.directory(), "1234567"}));
    CHECK(eventually([&] { return title_of(runsvdir) == "12345ab"; }));
}

TEST_CASE("standard error of the services is in blocking mode", "[bug-36]")
{
    Services services;
    services.add("one");
    Process runsvdir(services.spec({services.directory(), placeholder}));
    REQUIRE(eventually([&] { return pid_in(services.of("one")) != 0; }));
    CHECK((flags_of(pid_in(services.of("one")), 2) & O_NONBLOCK) == 0);
    CHECK((flags_of(runsv_pid(runsvdir.pid(), "one"), 2) & O_NONBLOCK) == 0);
}

TEST_CASE("a service that floods standard error loses nothing, and runsvdir still answers", "[bug-36]")
{
    Services services;
    // With a pipe that does not block, dd would end early with EAGAIN.
    services.add("flood", "dd if=/dev/zero bs=1000000 count=20 2>dd | tr '\\0' y >&2 && touch done\n" + stay);
    services.add("endless", "yes >&2\n");
    Process runsvdir(services.spec({services.directory(), placeholder}));
    CHECK(eventually([&] { return services.tree.has("service/flood/done"); }, 60s));
    services.move_in("late");
    CHECK(eventually([&] { return is_supervised(services.of("late")); }));
    runsvdir.signal(SIGTERM);
    CHECK(runsvdir.wait().code == 0);
}

TEST_CASE("its own lines never block it, however many there are")
{
    Services services;
    for (int number = 0; number < 1500; ++number) {
        std::filesystem::create_symlink("nowhere", services.of("dangling" + std::to_string(number)));
    }
    services.add("one");
    Process runsvdir(services.spec({services.directory(), placeholder}));
    CHECK(eventually([&] { return is_supervised(services.of("one")); }));
}

TEST_CASE("no descriptor of the log comes to a runsv but standard error")
{
    Services services;
    services.use_runsv(sleeping_runsv);
    services.tree.directory("service/1000001");
    Process runsvdir(services.spec({services.directory(), placeholder}));
    REQUIRE(eventually([&] { return runsv_pid(runsvdir.pid(), "1000001") != 0; }));
    const auto inherited = descriptors_of(::getpid());
    for (const int fd : descriptors_of(runsv_pid(runsvdir.pid(), "1000001"))) {
        CHECK((fd <= 2 || std::count(inherited.begin(), inherited.end(), fd) == 1));
    }
}
