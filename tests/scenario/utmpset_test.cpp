// What utmpset and the reference's utmpset both do.
#include "scenario/utmpset_fixture.hpp"

using namespace utmpset_test;

namespace {

const std::vector<utmpx> two_users{record(BOOT_TIME, "~", "reboot"), record(USER_PROCESS, "tty1", "joe"),
                                   record(LOGIN_PROCESS, "tty2", "LOGIN")};

// The file with that one record changed as a logout changes it, but for the time.
std::string with_logout(std::vector<utmpx> records, std::size_t index, const std::vector<utmpx>& times)
{
    utmpx& fields = records[index];
    fields.ut_type = DEAD_PROCESS;
    std::memset(fields.ut_user, 0, sizeof fields.ut_user);
    std::memset(fields.ut_host, 0, sizeof fields.ut_host);
    fields.ut_tv.tv_sec = times[index].ut_tv.tv_sec;
    return {reinterpret_cast<const char*>(records.data()), records.size() * sizeof(utmpx)};
}

}  // namespace

TEST_CASE("the record of the line becomes one of a dead process, and no other is touched", "[shared]")
{
    if (!can_run()) return;
    Files files;
    files.write("utmp", two_users);
    const auto before = std::time(nullptr);
    const auto set = files.set({"tty1"});
    CHECK(set.code == 0);
    CHECK(set.out + set.err == "");
    const auto records = files.read("utmp");
    REQUIRE(records.size() == 3);
    CHECK(records[1].ut_tv.tv_sec >= before);
    CHECK(files.tree.read("utmp") == with_logout(two_users, 1, records));
    CHECK_FALSE(files.tree.has("wtmp"));
}

TEST_CASE("a getty that waits for a login counts too", "[shared]")
{
    if (!can_run()) return;
    Files files;
    files.write("utmp", two_users);
    CHECK(files.set({"tty2"}).code == 0);
    CHECK(files.tree.read("utmp") == with_logout(two_users, 2, files.read("utmp")));
}

TEST_CASE("with w a record of the line and the time goes to the end of wtmp", "[shared]")
{
    if (!can_run()) return;
    Files files;
    files.write("utmp", two_users);
    files.write("wtmp", two_users);
    const auto before = std::time(nullptr);
    CHECK(files.set({"-w", "tty1"}).code == 0);
    const auto records = files.read("wtmp");
    REQUIRE(records.size() == 4);
    CHECK(std::memcmp(records.data(), two_users.data(), 3 * sizeof(utmpx)) == 0);
    utmpx expected{};
    expected.ut_type = DEAD_PROCESS;
    std::memcpy(expected.ut_line, "tty1", 4);
    expected.ut_tv.tv_sec = records[3].ut_tv.tv_sec;
    CHECK(std::memcmp(&records[3], &expected, sizeof expected) == 0);
    CHECK(records[3].ut_tv.tv_sec >= before);
}

TEST_CASE("a line that nobody is on exits 111 and leaves both files alone", "[shared]")
{
    if (!can_run()) return;
    Files files;
    auto records = two_users;
    records.push_back(record(USER_PROCESS, "tty4", ""));
    files.write("utmp", records);
    files.write("wtmp", {});
    const std::string before = files.tree.read("utmp");
    for (const char* line : {"tty3", "tty", "tty11", "tty4", "/dev/tty1"}) {
        const auto set = files.set({"-w", line});
        CHECK(set.code == 111);
        CHECK(set.err ==
              "utmpset: warning: unable to logout line " + std::string(line) + " in utmp: no such entry\n");
    }
    CHECK(files.tree.read("utmp") == before);
    CHECK(files.tree.read("wtmp").empty());
}

TEST_CASE("a second logout finds nobody", "[shared]")
{
    if (!can_run()) return;
    Files files;
    files.write("utmp", two_users);
    CHECK(files.set({"tty1"}).code == 0);
    CHECK(files.set({"tty1"}).code == 111);
}

TEST_CASE("a utmp that is missing or a directory is fatal", "[shared]")
{
    if (!can_run()) return;
    Files files;
    const std::string path = is_reference("utmpset") ? "/var/run/utmp" : files.tree.path("utmp");
    auto set = files.set({"tty1"});
    CHECK(set.code == 111);
    CHECK(set.err == "utmpset: fatal: unable to open " + path + ": file does not exist\n");
    files.tree.directory("utmp");
    set = files.set({"tty1"});
    CHECK(set.code == 111);
    CHECK(set.err == "utmpset: fatal: unable to open " + path + ": is a directory\n");
}

TEST_CASE("a wtmp that cannot be opened is fatal, after utmp has been changed", "[shared]")
{
    if (!can_run()) return;
    Files files;
    files.write("utmp", two_users);
    files.tree.directory("wtmp");
    const auto set = files.set({"-w", "tty1"});
    CHECK(set.code == 111);
    CHECK(set.err.find("utmpset: fatal: unable to open ") == 0);
    CHECK(set.err.find("/wtmp: is a directory\n") != std::string::npos);
    CHECK(files.read("utmp")[1].ut_type == DEAD_PROCESS);
}

TEST_CASE("a wtmp that is missing is made, for its owner", "[shared]")
{
    if (!can_run()) return;
    Files files;
    files.write("utmp", two_users);
    CHECK(files.set({"-w", "tty1"}).code == 0);
    CHECK(files.read("wtmp").size() == 1);
    CHECK(run({"stat", "-c", "%a", files.tree.path("wtmp")}).out == "600\n");
}

TEST_CASE("wrong usage exits 1", "[shared]")
{
    if (!can_run()) return;
    Files files;
    files.write("utmp", two_users);
    for (const auto& words : {std::vector<std::string>{}, {"-w"}, {"-x", "tty1"}, {"-V"}}) {
        const auto set = files.set(words);
        CHECK(set.code == 1);
        CHECK(set.err.find("utmpset [-w] ") != std::string::npos);
    }
    CHECK(files.set({"-x", "tty1"}).err.find("utmpset: illegal option -- x\n") == 0);
    CHECK(files.set({"--", "tty1", "-x"}).code == 0);
}
