#include <vector>

#include "runsvdir/start_trial.hpp"
#include "support/catch.hpp"

using namespace runsuite;
using namespace runsuite::runsvdir;
using namespace std::chrono_literals;

namespace {

constexpr Instant start = 100s;
constexpr Instant end = start + 5s;

Known with_runsv(Instant not_before)
{
    Known known;
    known.pid = 7;
    known.not_before = not_before;
    return known;
}

Known dead(int death, int complaint = 0)
{
    Known known;
    known.death_complaint.code = death;
    known.complaint.code = complaint;
    return known;
}

const Known lasting = with_runsv(end - 1s);
const Known young = with_runsv(end + 500ms);
const Known untried;
const Known failed = dead(111 << 8 | 1 << 16);
const Known not_run = dead(0, 2);
const Known ended = dead(1 << 16);

Verdict verdict(std::vector<Known> services)
{
    StartTrial trial;
    trial.begin(start);
    trial.note_directory();
    return trial.judge(services, end);
}

}  // namespace

TEST_CASE("a container is judged once, five seconds after its start")
{
    StartTrial trial;
    CHECK(trial.deadline() == never);
    trial.begin(start);
    CHECK(trial.judge({}, end - 1ns) == Verdict::Later);
    CHECK(trial.deadline() == end);
    CHECK(trial.judge({}, end) == Verdict::NoDirectory);
    CHECK(trial.deadline() == never);
}

TEST_CASE("a container without services works, and one with a service that has lasted")
{
    CHECK(verdict({}) == Verdict::Works);
    CHECK(verdict({lasting}) == Verdict::Works);
    CHECK(verdict({failed, untried, lasting}) == Verdict::Works);
}

TEST_CASE("a container in which every runsv has failed does not work")
{
    CHECK(verdict({failed}) == Verdict::NoService);
    CHECK(verdict({failed, not_run, failed}) == Verdict::NoService);
}

TEST_CASE("a container of which it is not known yet is looked at again soon")
{
    for (const Known& known : {young, untried, ended}) {
        StartTrial trial;
        trial.begin(start);
        trial.note_directory();
        const std::vector<Known> services{failed, known};
        CHECK(trial.judge(services, end) == Verdict::Later);
        CHECK(trial.deadline() > end);
        CHECK(trial.deadline() < end + 1s);
    }
}
