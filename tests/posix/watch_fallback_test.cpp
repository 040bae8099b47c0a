#include "posix/watch.hpp"
#include "support/catch.hpp"

using namespace runsuite;

TEST_CASE("without inotify nothing can be watched, and the reason says so")
{
    const auto watch = Watch::open();
    REQUIRE_FALSE(watch);
    CHECK(watch.error().code == ENOSYS);
}

TEST_CASE("without inotify a directory cannot be added, and there is nothing to read")
{
    Watch watch;
    CHECK(watch.add("/", Watch::What::Names).error().code == ENOSYS);
    CHECK_FALSE(watch.drain());
}
