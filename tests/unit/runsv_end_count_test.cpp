// How often runsv speaks of a service that ends and ends.
#include <vector>

#include "runsv/end_count.hpp"
#include "support/catch.hpp"

using namespace runsuite;
using namespace runsuite::runsv;
using namespace std::chrono_literals;

namespace {

std::vector<unsigned> told_of(unsigned ends, Instant ran, EndCount count = {})
{
    std::vector<unsigned> told;
    for (unsigned end = 0; end < ends; ++end) {
        count = after_end(count, ran);
        if (count.told == count.in_a_row) told.push_back(count.in_a_row);
    }
    return told;
}

}  // namespace

TEST_CASE("of a crash loop the first end is told, and then the 10th, the 100th and so on")
{
    CHECK(told_of(12345, 1s) == std::vector<unsigned>{1, 10, 100, 1000, 10000});
}

TEST_CASE("every end of a run that lasted a minute is told")
{
    CHECK(told_of(3, 60s) == std::vector<unsigned>{1, 1, 1});
}

TEST_CASE("a run that has lasted a minute is told when ends were passed over, and only then")
{
    EndCount count;
    CHECK(stable_at(count, 5s) == never);
    count = after_end(count, 1s);
    CHECK(stable_at(count, 5s) == never);
    count = after_end(count, 1s);
    CHECK(stable_at(count, 5s) == 65s);
    for (int end = 3; end <= 10; ++end) count = after_end(count, 1s);
    CHECK(stable_at(count, 5s) == never);
}

TEST_CASE(
    "a program that cannot be started is told once, the 10th and the 100th time, and at once for another cause")
{
    StartFailures failures;
    std::vector<unsigned> told;
    for (unsigned attempt = 1; attempt <= 150; ++attempt) {
        failures = after_failure(failures, attempt < 145 ? 1 : 2);
        if (is_to_be_told(failures.count)) told.push_back(attempt);
    }
    CHECK(told == std::vector<unsigned>{1, 10, 100, 145});
}
