// supervise/deaths: how ./run ended, the last times.
#include <csignal>
#include <filesystem>

#include "model/death_record.hpp"
#include "scenario/runsv_fixture.hpp"

using namespace scenario;
using runsuite::DeathRecord;
using How = runsuite::ExitRecord::How;

namespace {

constexpr auto size = DeathRecord::size;

std::vector<DeathRecord> deaths_in(const std::string& text)
{
    std::vector<DeathRecord> deaths;
    for (std::size_t at = 0; at + size <= text.size(); at += size) {
        const auto record = DeathRecord::decode(std::string_view(text).substr(at, size));
        REQUIRE(record.has_value());
        deaths.push_back(*record);
    }
    return deaths;
}

std::vector<DeathRecord> wait_for_deaths(const OneService& one, std::size_t count,
                                         const std::string& name = "supervise/deaths")
{
    const bool came = eventually([&] { return one.read(name).size() == count * size; });
    INFO(one.read(name) << one.runsv->err());
    REQUIRE(came);
    return deaths_in(one.read(name));
}

}  // namespace

TEST_CASE("each end of run is written down: when and how, how long it ran and whether it was asked to end")
{
    OneService one;
    one.script("run", "[ -e ../crash ] && { rm ../crash; exit 3; }\n" + stay);
    one.tree.file("crash", "");
    one.launch_and_wait_until("run");
    auto deaths = wait_for_deaths(one, 1);
    CHECK(deaths[0].end == runsuite::ExitRecord{How::Exited, 3});
    CHECK_FALSE(deaths[0].asked);
    CHECK(deaths[0].ran < 1s);

    const pid_t second = one.wait_for_new_pid(0);  // status may be that of the one that ended
    one.wait_until("run");
    const auto since = one.record().since;
    one.signal_service(SIGKILL);
    deaths = wait_for_deaths(one, 2);
    CHECK(deaths[1].end == runsuite::ExitRecord{How::Killed, SIGKILL});
    CHECK_FALSE(deaths[1].asked);
    CHECK(deaths[1].at > since);

    one.wait_for_new_pid(second);
    one.wait_until("run");
    one.control("d");
    one.wait_until("down");
    deaths = wait_for_deaths(one, 3);
    CHECK(deaths[2].end == runsuite::ExitRecord{How::Killed, SIGTERM});
    CHECK(deaths[2].asked);
    CHECK(one.runsv->err().empty());
}

TEST_CASE("the ends of finish and of control scripts are not written down")
{
    OneService one;
    one.script("run", stay);
    one.script("finish", "exit 0\n");
    one.script("control/u", "exit 0\n");
    one.launch_and_wait_until("run");
    one.control("d");
    one.wait_until("down");
    wait_for_deaths(one, 1);
}

TEST_CASE("the log service has deaths of its own")
{
    OneService one;
    one.script("run", stay);
    one.script("log/run", "exec cat\n");
    one.launch_and_wait_until("run");
    REQUIRE(eventually([&] { return one.log_pid() != 0; }));
    REQUIRE(one.log_pid() > 0);
    ::kill(one.log_pid(), SIGKILL);
    wait_for_deaths(one, 1, "log/supervise/deaths");
    CHECK_FALSE(one.tree.has("service/supervise/deaths"));
}

TEST_CASE("a service that has never ended has no deaths")
{
    OneService one;
    one.script("run", stay);
    one.launch_and_wait_until("run");
    CHECK_FALSE(one.tree.has("service/supervise/deaths"));
}

TEST_CASE("the last 32 ends are kept, and the next runsv goes on behind the newest")
{
    OneService one;
    one.script("run", stay);
    for (int round = 0; round < 3; ++round) {
        one.launch_and_wait_until("run");
        for (int count = 0; count < 12; ++count) {
            const pid_t old = one.pid();
            one.control("t");
            one.wait_for_new_pid(old);
        }
        one.control("x");
        CHECK(one.runsv->wait().code == 0);
    }
    const auto deaths = deaths_in(one.read("supervise/deaths"));
    REQUIRE(deaths.size() == 32);
    // 39 ends: the newest is the seventh record, and the oldest stands behind it.
    for (std::size_t at = 1; at < 32; ++at) CHECK((deaths[at - 1].at < deaths[at].at) == (at != 7));
}

TEST_CASE("deaths that cannot be written are told once and hurt nothing, and no link is followed")
{
    OneService one;
    one.script("run", stay);
    one.launch_and_wait_until("run");
    one.file("precious", "untouched\n");
    std::filesystem::create_symlink("../precious", one.tree.path("service/supervise/deaths"));
    for (int round = 0; round < 2; ++round) {
        const pid_t old = one.pid();
        one.control("t");
        one.wait_for_new_pid(old);
    }
    CHECK(one.runsv->err().find("runsv service: warning: unable to write supervise/deaths: ") == 0);
    CHECK(lines_in(one.runsv->err()) == 1);
    CHECK(one.read("precious") == "untouched\n");
    one.tree.remove("service/supervise/deaths");
    one.control("d");
    one.wait_until("down");
    wait_for_deaths(one, 1);
}
