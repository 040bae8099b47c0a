// chpst when the kernel says no: one line with the option at fault, 111, and the program is not run.
#include "scenario/chpst_inside.hpp"
#include "support/catch.hpp"
#include "support/strace.hpp"
#include "support/tree.hpp"

using namespace chpst_test;
using support::Tree;

namespace {

struct Fault {
    std::string calls;
    std::string error;
    std::string path;  // only calls on this file; empty: all
};

support::Finished run_with(const Fault& fault, const std::string& when, const Words& options)
{
    support::StartSpec spec;
    spec.argv = {support::program("chpst")};
    spec.argv.insert(spec.argv.end(), options.begin(), options.end());
    for (const char* word : {"/bin/sh", "-c", "echo ran"}) spec.argv.push_back(word);
    spec = support::with_failing(spec, fault.calls, "error=" + fault.error + ":when=" + when);
    if (!fault.path.empty()) spec.argv.insert(spec.argv.begin() + 1, {"-P", fault.path});
    spec.environment["ASAN_OPTIONS"] = "detect_leaks=0";  // it cannot look while it is traced
    return support::run(std::move(spec));
}

// The C library makes some of these calls at its start too. So each of the first ones fails once: whichever it is, the
// program is run or it is told why not. `said` is what at least one of them has to lead to.
void check_that(const Fault& fault, const Words& options, const std::string& said)
{
    INFO(fault.calls << " " << fault.error << ": " << said);
    bool was_said = false;
    for (int when = 1; when <= 6; ++when) {
        const auto seen = run_with(fault, std::to_string(when), options);
        INFO("call " << when << ": " << seen.code << " " << seen.err);
        if (seen.code == 0) {
            CHECK(seen.out == "ran\n");
            continue;
        }
        CHECK(seen.code == 111);
        CHECK(seen.out.empty());
        CHECK(starts_with(seen.err, "chpst: fatal: unable to "));
        CHECK(seen.err.find('\n') == seen.err.size() - 1);
        was_said = was_said || seen.err == "chpst: fatal: " + said + "\n";
    }
    CHECK(was_said);
}

}  // namespace

TEST_CASE("a user, a group or groups that the kernel refuses are told with -u")
{
    if (!has_root() || !support::has_strace()) return;
    check_that({"setgroups", "EPERM", ""}, {"-u", "nobody"}, "unable to setgroups: permission denied (option -u)");
    check_that({"setgid", "EINVAL", ""}, {"-u", ":5:6"}, "unable to setgid: invalid argument (option -u)");
    check_that({"setuid", "EAGAIN", ""}, {"-u", ":5:6:7"}, "unable to setuid: temporary failure (option -u)");
}

TEST_CASE("nobody is run as an account that cannot be looked up")
{
    if (!has_root() || !support::has_strace()) return;
    for (const Fault& fault : {Fault{"open,openat", "EMFILE", "/etc/passwd"},
                               {"open,openat", "EACCES", "/etc/passwd"},
                               {"read,readv", "EIO", "/etc/passwd"}}) {
        const auto seen = run_with(fault, "1+", {"-u", "daemon"});
        CHECK(seen.code == 111);
        CHECK(seen.out.empty());
        CHECK(starts_with(seen.err, "chpst: fatal: unknown user/group: daemon"));  // not every C library tells why
    }
}

#ifndef RUNSUITE_SANITIZED
TEST_CASE("a limit that the kernel refuses is told with its name and its option")
{
    if (!support::has_strace()) return;
    const Fault fault{"prlimit64,setrlimit,getrlimit", "EPERM", ""};
    const std::string why = ": permission denied (option ";
    check_that(fault, {"-o", "64"}, "unable to limit: open files" + why + "-o)");
    check_that(fault, {"-o", "64"}, "unable to get the limit of: open files" + why + "-o)");
    check_that(fault, {"-d", "99999999"}, "unable to limit: data segment" + why + "-d)");
    check_that(fault, {"-m", "99999999"}, "unable to limit: data segment" + why + "-m)");
    check_that(fault, {"-m", "99999999"}, "unable to limit: stack segment" + why + "-m)");
    check_that(fault, {"-c", "0"}, "unable to limit: core file size" + why + "-c)");
}
#endif

TEST_CASE("a lock that cannot be opened or taken is told with its file")
{
    if (!support::has_strace()) return;
    Tree tree;
    const auto lock = tree.path("lock");
    for (const std::string option : {"-l", "-L"}) {
        const std::string end = " (option " + option + ")";
        check_that({"open,openat", "EMFILE", lock}, {option, lock},
                   "unable to open lock: " + lock + ": process cannot open more files" + end);
        check_that({"flock,fcntl", "ENOLCK", lock}, {option, lock},
                   "unable to lock: " + lock + ": no locks available" + end);
    }
}

TEST_CASE("a directory that cannot be entered is told with its option")
{
    if (!has_root() || !support::has_strace()) return;
    check_that({"chdir", "EIO", ""}, {"-C", "/"}, "unable to change directory: /: input/output error (option -C)");
    check_that({"chdir", "EIO", ""}, {"-/", "/"}, "unable to change directory: /: input/output error (option -/)");
    check_that({"chroot", "EPERM", ""}, {"-/", "/"},
               "unable to change root directory: /: permission denied (option -/)");
}

TEST_CASE("a directory of variables that fails on the way is told with the file")
{
    if (!support::has_strace()) return;
    Tree tree;
    tree.file("env/NAME", "value\n");
    const auto env = tree.path("env");
    check_that({"open,openat", "ENFILE", env}, {"-e", env},
               "unable to switch to directory: " + env + ": system cannot open more files (option -e)");
    check_that({"getdents64", "EIO", env}, {"-e", env},
               "unable to read directory: " + env + ": input/output error (option -e)");
    check_that({"read", "EIO", env + "/NAME"}, {"-e", env},
               "unable to read: " + env + "/NAME: input/output error (option -e)");
}

TEST_CASE("scheduling that the kernel refuses is told with its option")
{
    if (!support::has_strace()) return;
    const std::string why = ": permission denied (option ";
    check_that({"setpriority", "EPERM", ""}, {"-n", "1"}, "unable to set nice level" + why + "-n)");
    check_that({"sched_setaffinity", "EPERM", ""}, {"--cpu-affinity", "0"},
               "unable to set CPU affinity" + why + "--cpu-affinity)");
    check_that({"sched_setscheduler", "EPERM", ""}, {"--cpu-scheduling", "batch"},
               "unable to set scheduling policy" + why + "--cpu-scheduling)");
    const auto seen = run_with({"write", "EPERM", ""}, "1", {"--oom-score-adj", "5"});
    CHECK(seen.code == 111);
    CHECK(seen.out.empty());
    CHECK(seen.err == "chpst: fatal: unable to set OOM score adjustment" + why + "--oom-score-adj)\n");
}

TEST_CASE("privileges that the kernel does not know are told with their option")
{
    if (!has_root() || !support::has_strace()) return;
    const std::string why = ": invalid argument (option ";
    const Fault fault{"prctl", "EINVAL", ""};
    check_that(fault, {"--no-new-privs"}, "unable to forbid new privileges" + why + "--no-new-privs)");
    check_that(fault, {"--pdeathsig", "TERM"}, "unable to set parent-death signal" + why + "--pdeathsig)");
    check_that(fault, {"-u", ":5:6", "--ambient-caps", "-all"},
               "unable to keep capabilities" + why + "--ambient-caps)");
}

TEST_CASE("a program that cannot be run after all changes is told by its name")
{
    if (!support::has_strace()) return;
    const auto seen = run_with({"execve", "ENOMEM", "/bin/sh"}, "1+", {"-P"});
    CHECK(seen.code == 111);
    CHECK(seen.out.empty());
    // In front of it, strace tells where that link leads.
    CHECK(seen.err.find("chpst: fatal: unable to run: /bin/sh: out of memory\n") != std::string::npos);
}

TEST_CASE("what cannot be undone any more is no failure: a session that is there, a descriptor that is closed")
{
    if (!support::has_strace()) return;
    CHECK(run_with({"setsid", "EPERM", ""}, "1+", {"-P"}).out == "ran\n");
    CHECK(run_with({"close", "EBADF", "/dev/null"}, "1+", {"-0"}).out == "ran\n");
}

TEST_CASE("after a failure nothing that comes later in the order is done")
{
    if (!has_root() || !support::has_strace()) return;
    Tree tree;
    const auto seen = run_with({"setgroups", "EPERM", ""}, "1+", {"-u", "nobody", "-L", tree.path("lock"), "-v"});
    CHECK(seen.code == 111);
    CHECK_FALSE(tree.has("lock"));
    CHECK(seen.err.find("take the lock") == std::string::npos);
}
