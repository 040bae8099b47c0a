#include "sv/status_text.hpp"

#include <string>

#include "support/catch.hpp"

using namespace runsuite;
using sv::DownFile;

namespace {

constexpr Tai64n since{Tai64n::unix_epoch + 1000, 999'999'999};
constexpr Tai64n now{Tai64n::unix_epoch + 1042, 0};

std::string text(const StatusRecord& record, DownFile down_file = DownFile::Absent)
{
    return std::string(sv::status_text(record, down_file, now).view());
}

const StatusRecord running{.since = since, .pid = 123, .want = Want::Up, .state = ServiceState::Run};
const StatusRecord down{.since = since, .want = Want::Down, .state = ServiceState::Down};

StatusRecord changed(StatusRecord record, void (*change)(StatusRecord&))
{
    change(record);
    return record;
}

}  // namespace

TEST_CASE("a service that runs has its pid and the difference of whole seconds")
{
    CHECK(text(running) == "(pid 123) 42s");
    CHECK(text(changed(running, [](auto& r) { r.state = ServiceState::Finish; })) == "(pid 123) 42s");
}

TEST_CASE("a service that is down has no pid")
{
    CHECK(text(down, DownFile::Present) == "42s");
}

TEST_CASE("what is normal is said when it is not so")
{
    CHECK(text(running, DownFile::Present) == "(pid 123) 42s, normally down");
    CHECK(text(running, DownFile::Absent) == "(pid 123) 42s");
    CHECK(text(down, DownFile::Absent) == "42s, normally up");
    CHECK(text(down, DownFile::Unknown) == "42s");
    CHECK(text(running, DownFile::Unknown) == "(pid 123) 42s");
}

TEST_CASE("what is wanted is said when it is not so")
{
    CHECK(text(changed(running, [](auto& r) { r.want = Want::Down; })) == "(pid 123) 42s, want down");
    CHECK(text(changed(down, [](auto& r) { r.want = Want::Up; })) == "42s, normally up, want up");
}

TEST_CASE("everything that can be said comes in one order")
{
    const auto all = changed(running, [](auto& r) {
        r.paused = true;
        r.want = Want::Down;
        r.term_sent = true;
    });
    CHECK(text(all, DownFile::Present) == "(pid 123) 42s, normally down, paused, want down, got TERM");
}

TEST_CASE("a stamp of the future is zero seconds ago")
{
    CHECK(text(changed(running, [](auto& r) { r.since.seconds += 1000; })) == "(pid 123) 0s");
}

TEST_CASE("the largest numbers a garbage status can hold fit")
{
    const auto garbage = changed(running, [](auto& r) {
        r.since = {0, 0};
        r.pid = 0xffffffff;
        r.paused = true;
        r.want = Want::Down;
        r.term_sent = true;
    });
    const auto told = sv::status_text(garbage, DownFile::Present, now);
    CHECK_FALSE(told.was_cut());
    CHECK(std::string(told.view()).rfind("(pid 4294967295) 4611686018427388", 0) == 0);
}
