// Calls that fail and disks that are full: a record is written whole or not at all, and one line says why.
#include "scenario/utmpset_fixture.hpp"
#include "support/strace.hpp"

using namespace utmpset_test;

namespace {

Finished fail(const Files& files, const std::string& calls, const std::string& path)
{
    auto spec = with_failing(files.spec({"-w", "tty1"}), calls, "error=EIO");
    spec.argv.insert(spec.argv.begin() + 1, {"-P", files.tree.path(path)});
    spec.environment["ASAN_OPTIONS"] = "detect_leaks=0";
    return run(spec);
}

}  // namespace

TEST_CASE("a utmp that cannot be read, written or locked leaves wtmp alone")
{
    if (!has_strace()) return;
    const std::string no_logout = "utmpset: warning: unable to logout line tty1 in utmp: input/output error\n";
    Files files;
    files.write("utmp", {record(USER_PROCESS, "tty1", "joe")});
    const std::string before = files.tree.read("utmp");
    for (const char* calls : {"pread64", "pwrite64"}) {
        const auto failed = fail(files, calls, "utmp");
        CHECK(failed.code == 111);
        CHECK(failed.err == no_logout);
    }
    const auto failed = fail(files, "fcntl", "utmp");
    CHECK(failed.code == 111);
    CHECK(failed.err == "utmpset: fatal: unable to lock " + files.tree.path("utmp") + ": input/output error\n");
    CHECK(files.tree.read("utmp") == before);
    CHECK_FALSE(files.tree.has("wtmp"));
}

TEST_CASE("a full disk leaves wtmp as it was")
{
    Files files;
    files.write("utmp", {record(USER_PROCESS, "tty1", "joe")});
    files.write("wtmp", {record(USER_PROCESS, "tty1", "joe"), record(USER_PROCESS, "tty1", "joe")});
    const std::string before = files.tree.read("wtmp");
    // 1024 bytes: room for a part of a third record.
    auto spec = files.spec({"-w", "tty1"});
    spec.argv.insert(spec.argv.begin(), {"sh", "-c", "ulimit -f 2; exec \"$@\"", "sh"});
    const auto failed = run(spec);
    CHECK(failed.code == 111);
    CHECK(failed.err == "utmpset: warning: unable to logout line tty1 in wtmp: file too big\n");
    CHECK(files.tree.read("wtmp") == before);
    CHECK(files.read("utmp")[0].ut_type == DEAD_PROCESS);
}

TEST_CASE("a wtmp that cannot be read is left alone")
{
    if (!has_strace()) return;
    Files files;
    files.write("utmp", {record(USER_PROCESS, "tty1", "joe")});
    files.write("wtmp", {record(USER_PROCESS, "tty1", "joe")});
    const std::string before = files.tree.read("wtmp");
    const auto failed = fail(files, "pread64", "wtmp");
    CHECK(failed.code == 111);
    CHECK(failed.err == "utmpset: warning: unable to logout line tty1 in wtmp: input/output error\n");
    CHECK(files.tree.read("wtmp") == before);
}

TEST_CASE("a write that fails is told of")
{
    if (!has_strace()) return;
    Files files;
    files.write("utmp", {record(USER_PROCESS, "tty1", "joe")});
    files.write("wtmp", {});
    const auto failed = fail(files, "write", "wtmp");
    CHECK(failed.code == 111);
    CHECK(failed.err == "utmpset: warning: unable to logout line tty1 in wtmp: input/output error\n");
    CHECK(files.tree.read("wtmp").empty());
}
