// What utmpset does better than the reference's: it locks as others do, knows both layouts, and is held against the
// programs that read these files.
#include <fcntl.h>

#include <csignal>
#include <fstream>
#include <optional>

#include "init/utmpset_record.hpp"
#include "posix/unique_fd.hpp"
#include "scenario/utmpset_fixture.hpp"

using namespace utmpset_test;
namespace layout = runsuite::utmpset;

namespace {

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

// The lock that the C library takes, as long as this lives. The file must not be closed by anybody in this process.
class Locked {
public:
    explicit Locked(const std::string& path) : fd_(::open(path.c_str(), O_RDWR | O_CLOEXEC))
    {
        struct flock whole_file {};
        whole_file.l_type = F_WRLCK;
        REQUIRE(::fcntl(fd_.get(), F_SETLK, &whole_file) == 0);
    }

private:
    runsuite::UniqueFd fd_;
};

bool waits_for_a_lock(pid_t pid)
{
    std::ifstream locks("/proc/locks");
    for (std::string line; std::getline(locks, line);) {
        if (contains(line, "->") && contains(line, " " + std::to_string(pid) + " ")) return true;
    }
    return false;
}

// The same record in the layout of the other C library.
std::string in_layout(const utmpx& record, const layout::Layout& to)
{
    std::string bytes(to.size, '\0');
    std::memcpy(bytes.data(), &record, offsetof(utmpx, ut_exit));
    const std::int64_t seconds = record.ut_tv.tv_sec;
    std::memcpy(&bytes[to.time], &seconds, sizeof seconds);
    return bytes;
}

}  // namespace

TEST_CASE("every record of the line is ended")
{
    Files files;
    files.write("utmp", {record(USER_PROCESS, "tty1", "joe"), record(USER_PROCESS, "tty2", "ann"),
                         record(USER_PROCESS, "tty1", "again")});
    CHECK(files.set({"tty1"}).code == 0);
    const auto records = files.read("utmp");
    CHECK(records[0].ut_type == DEAD_PROCESS);
    CHECK(records[1].ut_type == USER_PROCESS);
    CHECK(records[2].ut_type == DEAD_PROCESS);
}

TEST_CASE("the time of the machine's start is no login")
{
    Files files;
    files.write("utmp", {record(BOOT_TIME, "~", "reboot")});
    CHECK(files.set({"~"}).code == 111);
    CHECK(files.read("utmp")[0].ut_type == BOOT_TIME);
}

TEST_CASE("a name fills the field, and a longer one is refused")
{
    Files files;
    const std::string longest(32, 'p');
    files.write("utmp", {record(USER_PROCESS, longest, "joe")});
    const auto set = files.set({longest + "p"});
    CHECK(set.code == 111);
    CHECK(set.err == "utmpset: warning: unable to logout line " + longest + "p in utmp: name too long\n");
    CHECK(files.set({longest}).code == 0);
    CHECK(files.read("utmp")[0].ut_type == DEAD_PROCESS);
}

TEST_CASE("who(1) does not name the user any more")
{
    Files files;
    files.write("utmp", {record(USER_PROCESS, "tty1", "joe"), record(USER_PROCESS, "tty2", "ann")});
    const std::string before = run({"who", files.tree.path("utmp")}).out;
    if (!contains(before, "joe")) {
        WARN("skipped: there is no who(1) here that reads such a file");
        return;
    }
    CHECK(files.set({"tty1"}).code == 0);
    const std::string after = run({"who", files.tree.path("utmp")}).out;
    CHECK_FALSE(contains(after, "joe"));
    CHECK(contains(after, "ann"));
}

TEST_CASE("last(1) shows how long the user was there")
{
    Files files;
    files.write("utmp", {record(USER_PROCESS, "tty1", "joe")});
    files.write("wtmp", {record(USER_PROCESS, "tty1", "joe")});
    const auto last = [&] { return run({"last", "-f", files.tree.path("wtmp")}).out; };
    if (!contains(last(), "joe")) {
        WARN("skipped: there is no last(1) here that reads such a file");
        return;
    }
    CHECK_FALSE(contains(last(), "(01:0"));
    CHECK(files.set({"-w", "tty1"}).code == 0);
    CHECK(eventually(
        [&] { return contains(last(), "(01:0"); }));  // what ended this very second "still runs" for last(1)
}

TEST_CASE("files of the other layout are kept in it, wtmp even when it is empty")
{
    for (const auto& to : {layout::narrow, layout::wide}) {
        Files files;
        const std::string before = in_layout(record(USER_PROCESS, "tty1", "joe"), to) +
                                   in_layout(record(USER_PROCESS, "tty2", "ann"), to);
        files.tree.file("utmp", before);
        CHECK(files.set({"-w", "tty2"}).code == 0);
        const std::string after = files.tree.read("utmp");
        REQUIRE(after.size() == before.size());
        CHECK(after.substr(0, to.size) == before.substr(0, to.size));
        CHECK(after[to.size] == DEAD_PROCESS);
        CHECK(files.tree.read("wtmp").size() == to.size);
        CHECK(files.set({"-w", "tty1"}).code == 0);
        CHECK(files.tree.read("wtmp").size() == 2 * to.size);
    }
}

TEST_CASE("a wtmp that ends within a record is put right")
{
    Files files;
    const utmpx login = record(USER_PROCESS, "tty1", "joe");
    files.write("utmp", {login, record(USER_PROCESS, "tty2", "ann")});
    files.write("wtmp", {login});
    files.tree.append("wtmp", "a part of a record");
    CHECK(files.set({"-w", "tty1"}).code == 0);
    CHECK(files.tree.read("wtmp").size() == 2 * sizeof(utmpx));
    CHECK(files.read("wtmp")[1].ut_type == DEAD_PROCESS);
}

TEST_CASE("a utmp whose size fits both layouts is taken for what its records are, and so is wtmp")
{
    for (const auto& to : {layout::narrow, layout::wide}) {
        Files files;
        std::string utmp;
        std::string wtmp;
        while (utmp.size() < 9600)
            utmp += in_layout(record(LOGIN_PROCESS, "tty" + std::to_string(utmp.size() / to.size), "LOGIN"), to);
        while (wtmp.size() < 3 * to.size) wtmp += in_layout(record(USER_PROCESS, "tty3", "joe"), to);
        files.tree.file("utmp", utmp);
        files.tree.file("wtmp", wtmp);
        REQUIRE(utmp.size() == 9600);
        CHECK(files.set({"-w", "tty3"}).code == 0);
        CHECK(files.tree.read("utmp")[3 * to.size] == DEAD_PROCESS);
        const std::string after = files.tree.read("wtmp");
        REQUIRE(after.size() == 4 * to.size);
        CHECK(after.substr(0, wtmp.size()) == wtmp);
        CHECK(layout::is_of(to, std::span(after).subspan(wtmp.size())));
    }
}

TEST_CASE("a wtmp keeps its layout, whatever that of utmp is")
{
    Files files;
    files.tree.file("utmp", in_layout(record(USER_PROCESS, "tty1", "joe"), layout::narrow));
    const std::string before = in_layout(record(USER_PROCESS, "tty1", "joe"), layout::wide);
    files.tree.file("wtmp", before);
    CHECK(files.set({"-w", "tty1"}).code == 0);
    const std::string after = files.tree.read("wtmp");
    REQUIRE(after.size() == 2 * layout::wide.size);
    CHECK(after.substr(0, before.size()) == before);
}

TEST_CASE("a wtmp whose records may be of either layout is left alone, and that is said")
{
    const utmpx login = record(USER_PROCESS, "tty1", "joe");
    const std::string part(16, 'x');
    for (const std::string& wtmp : {in_layout(login, layout::narrow) + part, std::string("what is this"), part}) {
        Files files;
        files.write("utmp", {login});
        files.tree.file("wtmp", wtmp);
        const auto refused = files.set({"-w", "tty1"});
        CHECK(refused.code == 111);
        CHECK(refused.err ==
              "utmpset: warning: unable to logout line tty1 in wtmp: not clear how long its records are\n");
        CHECK(files.tree.read("wtmp") == wtmp);
        CHECK(files.read("utmp")[0].ut_type == DEAD_PROCESS);
    }
}

TEST_CASE("it waits while another program has the lock")
{
    for (const char* name : {"utmp", "wtmp"}) {
        Files files;
        files.write("utmp", {record(USER_PROCESS, "tty1", "joe")});
        files.write("wtmp", {});
        std::optional<Locked> other(files.tree.path(name));
        Process utmpset(files.spec({"-w", "tty1"}));
        REQUIRE(eventually([&] { return waits_for_a_lock(utmpset.pid()); }));
        other.reset();
        CHECK(utmpset.wait().code == 0);
        CHECK(files.read("wtmp").size() == 1);
    }
}

TEST_CASE("it does not wait for ever for a lock, not even where its alarm was blocked")
{
    Files files;
    files.write("utmp", {record(USER_PROCESS, "tty1", "joe")});
    Locked other(files.tree.path("utmp"));
    sigset_t alarm;
    sigset_t mask;
    ::sigemptyset(&alarm);
    ::sigaddset(&alarm, SIGALRM);
    ::sigprocmask(SIG_BLOCK, &alarm, &mask);
    Process utmpset(files.spec({"tty1"}));
    ::sigprocmask(SIG_SETMASK, &mask, nullptr);
    const auto refused = utmpset.wait();
    CHECK(refused.code == 111);
    CHECK(refused.err == "utmpset: fatal: unable to lock " + files.tree.path("utmp") + ": timed out\n");
}

TEST_CASE("without u and W it is the system's files")
{
    if (!can_mount()) return;
    Files files;
    files.write("utmp", {record(USER_PROCESS, "tty1", "joe")});
    StartSpec spec;
    spec.argv = {program("utmpset"), "-w", "tty1"};
    spec = with_link(spec, "/var/log", "wtmp", files.tree.path("wtmp"));
    CHECK(run(with_link(spec, "/var/run", "utmp", files.tree.path("utmp"))).code == 0);
    CHECK(files.read("utmp")[0].ut_type == DEAD_PROCESS);
    CHECK(files.read("wtmp").size() == 1);
}
