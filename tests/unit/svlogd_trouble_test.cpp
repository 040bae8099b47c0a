#include "svlogd/trouble.hpp"

#include "support/catch.hpp"

using namespace runsuite;
using namespace runsuite::svlogd;
using namespace std::chrono_literals;

TEST_CASE("trouble is told when it begins and when it becomes another one, not when it goes on")
{
    Trouble trouble;
    CHECK_FALSE(trouble.is_on());
    CHECK(trouble.begin(ENOSPC, 1s));
    trouble.let_try();
    CHECK_FALSE(trouble.begin(ENOSPC, 2s));
    trouble.let_try();
    CHECK(trouble.begin(EIO, 3s));
    CHECK(trouble.end());
    CHECK_FALSE(trouble.end());
    CHECK(trouble.begin(EIO, 4s));
}

TEST_CASE(
    "what failed is tried again after a pause that doubles from 50 ms to two seconds, and begins anew when all "
    "was well")
{
    Trouble trouble;
    Instant now = 1s;
    for (const auto pause : {50ms, 100ms, 200ms, 400ms, 800ms, 1600ms, 2000ms, 2000ms}) {
        trouble.begin(EIO, now);
        CHECK(trouble.retry_at() == now + pause);
        now = trouble.retry_at();
    }
    trouble.hurry(now);
    CHECK(trouble.retry_at() == now);
    trouble.end();
    CHECK(trouble.retry_at() == never);
    trouble.hurry(now);  // there is nothing to hurry
    CHECK_FALSE(trouble.is_on());
    trouble.begin(EIO, now);
    CHECK(trouble.retry_at() == now + 50ms);
}

TEST_CASE("a processor that is behind is no trouble of the disk, everything else is")
{
    for (const int code : {ENOSPC, EDQUOT, EFBIG, EIO, EROFS, ENOENT, Trouble::processor_is_behind}) {
        Trouble trouble;
        trouble.begin(code, 1s);
        CHECK(trouble.is_of_disk() == (code != Trouble::processor_is_behind));
        CHECK(trouble.is_of_processor() == (code == Trouble::processor_is_behind));
        trouble.let_try();
        CHECK_FALSE(trouble.is_of_disk());
        CHECK(trouble.code() == code);
    }
}

TEST_CASE("an end that is delayed is told once for each time that it is asked for")
{
    Trouble trouble;
    trouble.begin(EIO, 1s);
    CHECK(trouble.delays_end(0));
    CHECK_FALSE(trouble.delays_end(0));
    CHECK(trouble.delays_end(1));
    trouble.end();
    trouble.begin(EIO, 2s);
    CHECK(trouble.delays_end(1));
}
