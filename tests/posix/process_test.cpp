#include "posix/process.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "posix/clock.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"

using namespace runsuite;

namespace {

// A child that has ended with `code` once something is read from it.
struct Child {
    explicit Child(int code)
    {
        REQUIRE(::pipe(ends) == 0);
        pid = ::fork();
        if (pid == 0) {
            char byte = 0;
            ::close(ends[1]);
            [[maybe_unused]] const auto count = ::read(ends[0], &byte, 1);
            ::_exit(code);
        }
        ::close(ends[0]);
    }
    ~Child() { wait(); }
    void end()
    {
        if (ends[1] >= 0) ::close(ends[1]);
        ends[1] = -1;
    }
    void wait()
    {
        end();
        if (pid > 0) ::waitpid(pid, nullptr, 0);
        pid = 0;
    }
    ProcessMark mark() const { return {.alive_at = boottime_now().count(), .pid = pid}; }

    int ends[2];
    pid_t pid = 0;
};

}  // namespace

TEST_CASE("a process is found by a moment at which it was alive")
{
    const Child child(0);
    auto found = find_process(child.mark());
    REQUIRE(found);
    CHECK(found->is_open());
}

TEST_CASE("a process that was started after the moment of a mark is another one of the same number")
{
    ProcessMark mark{.alive_at = boottime_now().count(), .pid = 0};
    REQUIRE(support::eventually([&] { return boottime_now().count() / 10'000'000 > mark.alive_at / 10'000'000; }));
    const Child child(0);
    mark.pid = child.pid;
    CHECK(find_process(mark).error().code == ESRCH);
}

TEST_CASE("a process that has ended and was waited for is gone; no process, this one and its parent are none")
{
    Child child(0);
    const ProcessMark mark = child.mark();
    child.wait();
    CHECK(find_process(mark).error().code == ESRCH);
    CHECK(find_process({}).error().code == ESRCH);
    CHECK(find_process(mark_of_this_process()).error().code == ESRCH);
    CHECK(find_process({.alive_at = boottime_now().count(), .pid = ::getppid()}).error().code == ESRCH);
}

TEST_CASE("how a process ended is told to one that is not its parent, once its parent has waited for it")
{
    Child child(3);
    auto watch = find_process(child.mark());
    REQUIRE(watch);
    CHECK_FALSE(wait_status_of(watch->get()));
    child.end();
    pollfd ended{watch->get(), POLLIN, 0};
    REQUIRE(::poll(&ended, 1, 10000) == 1);
    CHECK_FALSE(wait_status_of(watch->get()));
    child.wait();
    const auto status = wait_status_of(watch->get());
    if (!status) WARN("This kernel does not tell how somebody else's child ended: Linux 6.15 is the first.");
    else CHECK(WEXITSTATUS(*status) == 3);
}

TEST_CASE("the start of a process is read behind a name that holds anything")
{
    std::string fields = " S";
    for (int field = 4; field < 22; ++field) fields += " 1";
    CHECK(start_in_stat("7 (sh)" + fields + " 1234 5 6\n") == 1234);
    CHECK(start_in_stat("7 (a) b) S 9 (c)" + fields + " 1234") == 1234);
    CHECK_FALSE(start_in_stat("7 (sh)" + fields));
    CHECK_FALSE(start_in_stat(") ("));
    CHECK_FALSE(start_in_stat(""));
    CHECK_FALSE(start_in_stat("7 (sh)" + fields + " x 5"));
}

TEST_CASE("the parent of a process is read behind a name that holds anything")
{
    CHECK(parent_in_stat("7 (sh) S 12 7 7") == 12);
    CHECK(parent_in_stat("7 (a) b) S 9 (c) S 0 7") == 0);
    CHECK_FALSE(parent_in_stat("7 (sh) S"));
    CHECK_FALSE(parent_in_stat("7 (sh"));
    CHECK_FALSE(parent_in_stat(""));
}

TEST_CASE("the boot clock of a time namespace is ahead by what its file says")
{
    CHECK(boot_clock_offset("monotonic           0         0\nboottime       86400   5\n") == 86400'000000005);
    CHECK(boot_clock_offset("boottime  -3  250\n") == -2'999'999'750);
    CHECK(boot_clock_offset("monotonic 5 5\n") == 0);
    CHECK(boot_clock_offset("boottime") == 0);
    CHECK(boot_clock_offset("") == 0);
}

TEST_CASE("the numbers of processes are good for one boot and one namespace")
{
    const ProcessSpace here = this_process_space();
    CHECK(here.is_known());
    CHECK(here == this_process_space());
    CHECK(has_first_process_seen(boottime_now().count()));
    CHECK_FALSE(has_first_process_seen(0));
}
