#include "model/status_record.hpp"

#include "support/catch.hpp"

using namespace runsuite;

namespace {

const StatusRecord running{.since = {(1ULL << 62) + 1700000010, 123456789},
                           .pid = 0x01020304,
                           .paused = true,
                           .want = Want::Up,
                           .term_sent = true,
                           .state = ServiceState::Run};

}  // namespace

TEST_CASE("a status record is twenty bytes: stamp, pid with its low byte first, paused, want, TERM, state")
{
    const StatusRecord::Bytes expected{0x40, 0,    0,    0,    0x65, 0x53, 0xf1, 0x0a, 0x07, 0x5b,
                                       0xcd, 0x15, 0x04, 0x03, 0x02, 0x01, 1,    'u',  1,    1};
    CHECK(running.encode() == expected);
}

TEST_CASE("a status record that is decoded is the one that was encoded")
{
    for (const auto state : {ServiceState::Down, ServiceState::Run, ServiceState::Finish}) {
        for (const auto want : {Want::Up, Want::Down}) {
            StatusRecord record = running;
            record.state = state;
            record.want = want;
            CHECK(StatusRecord::decode(record.encode()) == record);
        }
    }
}

TEST_CASE("what pid and stat say makes a record too, all but its time")
{
    StatusRecord record = running;
    record.since = {};
    for (const auto state : {ServiceState::Run, ServiceState::Finish}) {
        for (const auto want : {Want::Up, Want::Down}) {
            record.state = state;
            record.want = want;
            CHECK(StatusRecord::parse(pid_text(record).view(), stat_text(record).view()) == record);
        }
    }
    record.want = Want::Exit;
    const auto parsed = StatusRecord::parse("16909060\n", stat_text(record).view());
    REQUIRE(parsed);
    CHECK(parsed->want == Want::Down);
    CHECK_FALSE(StatusRecord::parse("", "run\n"));
    CHECK_FALSE(StatusRecord::parse("12x\n", "run\n"));
    CHECK_FALSE(StatusRecord::parse("12\n", ""));
    CHECK_FALSE(StatusRecord::parse("12\n", "walk\n"));
}

TEST_CASE("want exit is written as d, so older readers understand it")
{
    StatusRecord record = running;
    record.want = Want::Exit;
    CHECK(record.encode()[17] == 'd');
}

TEST_CASE("a truncated, overlong or garbage status is no record")
{
    auto bytes = running.encode();
    CHECK_FALSE(StatusRecord::decode(std::span(bytes).first(19)));
    CHECK_FALSE(StatusRecord::decode(std::span(bytes).first(0)));
    bytes[19] = 3;
    CHECK_FALSE(StatusRecord::decode(bytes));
    const std::array<unsigned char, 21> longer{};
    CHECK_FALSE(StatusRecord::decode(longer));
}

TEST_CASE("stat names the state, then paused, got TERM and what is wanted")
{
    StatusRecord record = running;
    CHECK(stat_text(record).view() == "run, paused, got TERM\n");
    record.want = Want::Down;
    record.paused = false;
    CHECK(stat_text(record).view() == "run, got TERM, want down\n");
    record.want = Want::Exit;
    record.state = ServiceState::Finish;
    CHECK(stat_text(record).view() == "finish, got TERM, want exit\n");
}

TEST_CASE("stat of a service that is down never says what is wanted")
{
    StatusRecord record;
    for (const auto want : {Want::Up, Want::Down, Want::Exit}) {
        record.want = want;
        CHECK(stat_text(record).view() == "down\n");
    }
}

TEST_CASE("pid is a number and a newline, or nothing while nothing runs")
{
    StatusRecord record;
    CHECK(pid_text(record).view().empty());
    record.pid = 4194304;
    CHECK(pid_text(record).view() == "4194304\n");
}
