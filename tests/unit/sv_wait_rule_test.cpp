#include "sv/wait_rule.hpp"

#include <string>
#include <vector>

#include "model/command.hpp"
#include "support/catch.hpp"

using namespace runsuite;
using sv::judge;
using sv::Verdict;

namespace {

constexpr Tai64n earlier{Tai64n::unix_epoch + 100, 5};
constexpr Tai64n later{Tai64n::unix_epoch + 100, 6};  // in the same second

StatusRecord running(std::uint32_t pid = 7, Tai64n since = earlier)
{
    return {.since = since, .pid = pid, .want = Want::Up, .state = ServiceState::Run};
}

StatusRecord down(Want want = Want::Down, Tai64n since = earlier)
{
    return {.since = since, .want = want, .state = ServiceState::Down};
}

StatusRecord with_term(StatusRecord record)
{
    record.term_sent = true;
    return record;
}

StatusRecord finishing(StatusRecord record)
{
    record.state = ServiceState::Finish;
    record.pid += 1;
    return record;
}

StatusRecord wanted(StatusRecord record, Want want)
{
    record.want = want;
    return record;
}

// Every record that matters to the rule, in every combination.
std::vector<StatusRecord> all_records()
{
    std::vector<StatusRecord> records;
    for (const auto state : {ServiceState::Down, ServiceState::Run, ServiceState::Finish}) {
        for (const auto want : {Want::Up, Want::Down}) {
            for (int bits = 0; bits < 16; ++bits) {
                StatusRecord record{.since = (bits & 1) != 0 ? later : earlier,
                                    .paused = (bits & 2) != 0,
                                    .want = want,
                                    .term_sent = (bits & 4) != 0,
                                    .state = state};
                if (state != ServiceState::Down) record.pid = (bits & 8) != 0 ? 8 : 7;
                records.push_back(record);
            }
        }
    }
    return records;
}

}  // namespace

TEST_CASE("up has taken effect when the service runs and ./check agrees, whatever it has been before")
{
    CHECK(judge("u", running(), running()) == Verdict::GoodIfChecked);
    CHECK(judge("u", down(), running()) == Verdict::GoodIfChecked);
    CHECK(judge("u", running(), wanted(running(), Want::Down)) == Verdict::GoodIfChecked);
    CHECK(judge("u", down(), down(Want::Up)) == Verdict::NotYet);
    CHECK(judge("u", down(), finishing(running())) == Verdict::NotYet);
    CHECK(judge("u", down(), running(0)) == Verdict::NotYet);
}

TEST_CASE("down has taken effect when the service is down and nothing of it runs")
{
    CHECK(judge("d", running(), down()) == Verdict::Good);
    CHECK(judge("d", running(), down(Want::Up)) == Verdict::Good);
    CHECK(judge("d", running(), with_term(running())) == Verdict::NotYet);
    CHECK(judge("d", running(), finishing(running())) == Verdict::NotYet);
    StatusRecord kept_back = down();
    kept_back.pid = 7;
    CHECK(judge("d", running(), kept_back) == Verdict::NotYet);
}

TEST_CASE("restart has taken effect with another process, told from the old one within the same second")
{
    CHECK(judge("tcu", running(7, earlier), running(7, earlier)) == Verdict::NotYet);
    CHECK(judge("tcu", running(7, earlier), running(8, later)) == Verdict::GoodIfChecked);
    CHECK(judge("tcu", running(7, earlier), running(7, later)) == Verdict::GoodIfChecked);
    CHECK(judge("tcu", down(Want::Up), running(8, later)) == Verdict::GoodIfChecked);
}

TEST_CASE("restart does not care for the direction of time: a clock that was set back changes nothing")
{
    CHECK(judge("tcu", running(7, later), running(8, earlier)) == Verdict::GoodIfChecked);
    CHECK(judge("t", running(7, later), running(8, earlier)) == Verdict::GoodIfChecked);
    CHECK(judge("o", down(Want::Down, later), down(Want::Down, earlier)) == Verdict::Good);
}

TEST_CASE("restart has not taken effect while a TERM is on its way, the old process finishes, or nothing runs")
{
    CHECK(judge("tcu", running(7, earlier), with_term(running(8, later))) == Verdict::NotYet);
    CHECK(judge("tcu", running(7, earlier), finishing(running(7, earlier))) == Verdict::NotYet);
    CHECK(judge("tc", running(7, earlier), finishing(running(7, earlier))) == Verdict::NotYet);
    CHECK(judge("tcu", running(7, earlier), down(Want::Up, later)) == Verdict::NotYet);
    CHECK(judge("tcu", running(7, earlier), down(Want::Down, later)) == Verdict::NotYet);
}

TEST_CASE("a new process that is paused is not restarted yet: it has a continue before it")
{
    StatusRecord paused = running(8, later);
    paused.paused = true;
    CHECK(judge("tcu", running(), paused) == Verdict::NotYet);
    CHECK(judge("t", running(), paused) == Verdict::GoodIfChecked);
}

TEST_CASE("term without up is done at once for a service that is down and is wanted down")
{
    for (const char* bytes : {"tc", "t", "k"}) {
        CHECK(judge(bytes, down(), down()) == Verdict::Good);
        CHECK(judge(bytes, running(), down(Want::Down, later)) == Verdict::Good);
        CHECK(judge(bytes, down(Want::Up), down(Want::Up)) == Verdict::NotYet);
    }
}

TEST_CASE("a process that was started anew and finishes already has been restarted")
{
    CHECK(judge("tc", running(7, earlier), finishing(running(8, later))) == Verdict::Good);
    CHECK(judge("tcu", running(7, earlier), finishing(running(8, later))) == Verdict::NotYet);
}

TEST_CASE("when the status before could not be read no process is known to be the old one")
{
    CHECK(judge("tcu", std::nullopt, running()) == Verdict::GoodIfChecked);
    CHECK(judge("tcu", std::nullopt, with_term(running())) == Verdict::NotYet);
    CHECK(judge("o", std::nullopt, down()) == Verdict::Good);
}

TEST_CASE("once has taken effect when the service runs for the last time, or has done so since")
{
    CHECK(judge("o", running(), running()) == Verdict::NotYet);
    CHECK(judge("o", running(), wanted(running(), Want::Down)) == Verdict::Good);
    CHECK(judge("o", down(), wanted(running(8, later), Want::Down)) == Verdict::Good);
    CHECK(judge("o", down(Want::Down, earlier), down(Want::Down, later)) == Verdict::Good);
}

TEST_CASE("once has not taken effect before anything has happened, though it is the same second")
{
    CHECK(judge("o", down(Want::Down, earlier), down(Want::Down, earlier)) == Verdict::NotYet);
}

TEST_CASE("pause and cont ask for what they are named after, of a service that runs")
{
    StatusRecord paused = running();
    paused.paused = true;
    CHECK(judge("p", running(), paused) == Verdict::Good);
    CHECK(judge("p", running(), running()) == Verdict::NotYet);
    CHECK(judge("p", down(), down()) == Verdict::Good);
    CHECK(judge("c", paused, paused) == Verdict::NotYet);
    CHECK(judge("c", paused, running()) == Verdict::Good);
    CHECK(judge("c", down(), down()) == Verdict::Good);
}

TEST_CASE("check waits for what the status says is wanted")
{
    CHECK(judge("", running(), running()) == Verdict::GoodIfChecked);
    CHECK(judge("", down(), down()) == Verdict::Good);
    CHECK(judge("", down(), down(Want::Up)) == Verdict::NotYet);
    CHECK(judge("", running(), wanted(running(), Want::Down)) == Verdict::NotYet);
    CHECK(judge("", running(), finishing(running())) == Verdict::NotYet);
}

TEST_CASE("exit is never told by a status, and the other signals have no effect that one could wait for")
{
    for (const auto& now : all_records()) {
        CHECK(judge("x", running(), now) == Verdict::NotYet);
        for (const char* bytes : {"h", "a", "i", "q", "1", "2"})
            CHECK(judge(bytes, running(), now) == Verdict::Good);
    }
}

TEST_CASE("all bytes of a command have to hold, in every state before and after")
{
    const auto weakest = [](Verdict one, Verdict other) {
        if (one == Verdict::NotYet || other == Verdict::NotYet) return Verdict::NotYet;
        return one == Verdict::GoodIfChecked ? one : other;
    };
    for (const auto& before : all_records()) {
        for (const auto& now : all_records()) {
            const auto term_and_cont = weakest(judge("t", before, now), judge("c", before, now));
            REQUIRE(judge("tc", before, now) == term_and_cont);
            REQUIRE(judge("tcu", before, now) == weakest(term_and_cont, judge("u", before, now)));
        }
    }
}

TEST_CASE("no command that starts a service holds while it does not run, and none that ends it while it does")
{
    for (const auto& before : all_records()) {
        for (const auto& now : all_records()) {
            if (now.state != ServiceState::Run) {
                REQUIRE(judge("u", before, now) == Verdict::NotYet);
                REQUIRE(judge("tcu", before, now) == Verdict::NotYet);
            }
            if (now.state != ServiceState::Down) REQUIRE(judge("d", before, now) == Verdict::NotYet);
        }
    }
}

TEST_CASE("nothing that a restart waits for holds of the process that was there before")
{
    for (const auto& before : all_records()) {
        if (before.pid == 0) continue;
        for (const char* bytes : {"t", "k", "tc", "tcu"}) REQUIRE(judge(bytes, before, before) == Verdict::NotYet);
    }
}
