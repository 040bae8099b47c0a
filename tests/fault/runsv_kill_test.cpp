// runsv is killed at each of its system calls, and at those of its children before they are ./run, one by one. Then the
// next runsv comes: there is no second copy, what is wanted up runs, what was taken down stays down, every line is logged.
#include <climits>

#include "fault/kill_trial.hpp"

using namespace fault;

TEST_CASE("killed at each system call of a start, runsv leaves no service that the next one starts twice")
{
    for_each_place([](Trial& trial, int call) { trial.start_until(call); }, Prepared::No);
}

TEST_CASE(
    "killed at each system call of a restart, with scripts, runsv leaves a service that runs on under the next "
    "one")
{
    for_each_place([](Trial& trial, int call) {
        const pid_t before = trial.pid();
        trial.tell_until("t", call, [&] { return trial.pid() != before && trial.stat() == "run"; });
    });
}

TEST_CASE("killed at each system call of a stop, runsv leaves a service that stays down once it was said to be")
{
    for_each_place([](Trial& trial, int call) {
        trial.tell_until("d", call, [&] { return trial.stat() == "down"; });
        const std::string said = trial.stat();
        trial.expected = said == "down" || said.ends_with("want down") ? Expected::Down : Expected::Either;
    });
}

TEST_CASE(
    "killed at each system call of the start of a service that was down, runsv leaves it up once it was said to "
    "be")
{
    for_each_place([](Trial& trial, int call) {
        trial.control("d");
        trial.wait_until("down");
        trial.tell_until("u", call, [&] { return trial.stat() == "run"; });
        trial.expected = trial.stat() == "run" ? Expected::Up : Expected::Either;
    });
}

TEST_CASE("killed at each system call of its exit, runsv leaves a service that the next one starts again")
{
    for_each_place([](Trial& trial, int call) { trial.tell_until("x", call, [] { return false; }); });
}
