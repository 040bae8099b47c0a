// What the reference does not have.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "scenario/chpst_inside.hpp"
#include "scenario/chpst_root.hpp"
#include "support/catch.hpp"
#include "support/tree.hpp"

using namespace chpst_test;
using support::Tree;

namespace {

// Test machines have different capabilities to give, so the tests use one that even containers have.
constexpr const char* bind_mask = "0000000000000400";

bool has_bind_capability()
{
    const bool has = (std::stoull(support::proc_field(::getpid(), "CapBnd"), nullptr, 16) & 0x400) != 0;
    if (!has) std::cerr << "skipped: the capability to test with is not in the bounding set\n";
    return has;
}

std::string line(const std::string& text, const std::string& head)
{
    const auto at = ("\n" + text).find("\n" + head);
    return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}

}  // namespace

TEST_CASE("C changes the directory, after the root was changed")
{
    if (!has_root()) return;
    Tree tree;
    tree.directory("a/b");
    CHECK(inside({"-C", tree.path("a/b")}, "pwd").out == tree.path("a/b") + "\n");
    CHECK(inside({"-/", "/", "-C", tree.path("a")}, "pwd").out == tree.path("a") + "\n");
    CHECK(inside({"-C", tree.path("a"), "-/", "/", "-L", "lock"}, ":").code == 0);
    CHECK(tree.has("a/lock"));
    const auto refused = inside({"-C", tree.path("missing")}, "echo ran");
    CHECK(refused.code == 111);
    CHECK(refused.err == "chpst: fatal: unable to change directory: " + tree.path("missing") +
                             ": file does not exist (option -C)\n");
}

TEST_CASE("init-groups takes the groups of the account besides")
{
    if (!has_root()) return;
    Tree tree;
    make_root(tree, "root");
    tree.file("root/etc/passwd", "me:x:4321:100::/:/bin/sh\n");
    tree.file("root/etc/group", "first:x:100:\nsecond:x:200:you,me\nthird:x:300:me\nother:x:400:you\n");
    const auto groups = [&](Words options) {
        options.insert(options.end(), {"-/", tree.path("root")});
        // There is no /proc in there to look into.
        options.push_back("-v");
        const auto seen = inside(options, ":").err;
        return line(seen, "chpst: become");
    };
    CHECK(groups({"-u", "me"}) == "chpst: become me: groups 100, gid 100, uid 4321");
    CHECK(groups({"-u", "me", "--init-groups"}) == "chpst: become me: groups 100 200 300, gid 100, uid 4321");
    CHECK(groups({"-u", "me:other:third", "--init-groups"}) ==
          "chpst: become me:other:third: groups 400 300 200, gid 400, uid 4321");
    CHECK(groups({"-u", ":4321:7", "--init-groups"}) == "chpst: become 4321:7: groups 7 200 300, gid 7, uid 4321");
}

TEST_CASE("the groups of the account are those of the program")
{
    if (!has_root()) return;
    const auto account = support::run({"id", "-G", "nobody"}).out;
    CHECK(inside({"-u", "nobody", "--init-groups"}, "id -G").out == account);
    const auto refused = inside({"-u", ":12345:1", "--init-groups"}, "echo ran");
    CHECK(refused.code == 111);
    CHECK(refused.err == "chpst: fatal: unknown user/group: 12345:1 (option -u)\n");
}

TEST_CASE("login-environment sets what a login would")
{
    if (!has_root()) return;
    const std::string script = "echo $HOME $USER $LOGNAME $SHELL";
    const auto entry = support::run({"sh", "-c", "getent passwd nobody | cut -d: -f6,7 | tr : ' '"}).out;
    const std::string home = entry.substr(0, entry.find(' '));
    const std::string shell = entry.substr(entry.find(' ') + 1);
    const std::string expected = home + " nobody nobody " + shell;
    CHECK(inside({"-u", "nobody", "--login-environment"}, script).out == expected);
    CHECK(inside({"-U", "nobody", "--login-environment"}, script).out == expected);
    CHECK(inside({"-u", ":65534:1", "--login-environment"}, script).out == expected);
    CHECK(inside({"-U", "root", "-u", "nobody", "--login-environment"}, script).out == expected);
    CHECK(inside({"-u", "nobody", "-U", "root", "--login-environment"}, "echo $USER $UID").out == "nobody 0\n");
}

TEST_CASE("umask is that of the program and not of the lock file")
{
    Tree tree;
    CHECK(inside({"--umask", "027", "-L", tree.path("lock")}, "umask").out == "0027\n");
    struct stat about {};
    REQUIRE(::stat(tree.path("lock").c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
    CHECK(inside({"--umask=777", "-L", tree.path("other")}, "umask").out == "0777\n");
    REQUIRE(::stat(tree.path("other").c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
}

TEST_CASE("the OOM score is adjusted with the old privileges")
{
    if (!has_root()) return;
    CHECK(inside({"--oom-score-adj", "321", "-u", "nobody"}, "cat /proc/self/oom_score_adj").out == "321\n");
}

TEST_CASE("the program runs on the CPUs it is given")
{
    CHECK(inside({"--cpu-affinity", "0"}, status_of("Cpus_allowed_list")).out == "0\n");
    const auto refused = inside({"--cpu-affinity", "1023"}, "echo ran");
    CHECK(refused.code == 111);
    CHECK(refused.err == "chpst: fatal: unable to set CPU affinity: invalid argument (option --cpu-affinity)\n");
}

TEST_CASE("the program has the scheduling policy it is given")
{
    if (!has_root()) return;
    const std::string policy = "set -- $(cat /proc/self/stat); shift 40; echo $1";
    CHECK(inside({"--cpu-scheduling", "batch"}, policy).out == "3\n");
    CHECK(inside({"--cpu-scheduling", "idle", "-u", "nobody"}, policy).out == "5\n");
}

TEST_CASE("no-new-privs is set")
{
    CHECK(inside({"--no-new-privs"}, status_of("NoNewPrivs")).out == "1\n");
    CHECK(inside({}, status_of("NoNewPrivs")).out == "0\n");
}

TEST_CASE("an ambient capability outlives the change of the user and is the only one")
{
    if (!has_root() || !has_bind_capability()) return;
    const Words options{"-u", "nobody", "--ambient-caps", "+net_bind_service"};
    for (const char* set : {"CapEff", "CapPrm", "CapInh", "CapAmb"}) {
        INFO(set);
        CHECK(inside(options, status_of(set)).out == std::string(bind_mask) + "\n");
    }
    CHECK(inside({"-u", "nobody"}, status_of("CapEff")).out == "0000000000000000\n");
}

TEST_CASE("without another user, ambient capabilities are raised and the others stay")
{
    if (!has_root() || !has_bind_capability()) return;
    const auto before = support::proc_field(::getpid(), "CapPrm");
    const Words options{"--ambient-caps", "+net_bind_service"};
    CHECK(inside(options, status_of("CapAmb")).out == std::string(bind_mask) + "\n");
    CHECK(inside(options, status_of("CapPrm")).out == before + "\n");
    CHECK(inside(options, status_of("Uid")).out == "0 0 0 0\n");
    const auto chpst = support::program("chpst");
    const auto nested =
        inside({"--ambient-caps", "+net_bind_service", chpst, "--ambient-caps", "-all"}, status_of("CapAmb"));
    CHECK(nested.out == "0000000000000000\n");
}

TEST_CASE("without root, a capability that is not there cannot be made ambient, taking all away is no error")
{
    if (!has_root()) return;
    const auto chpst = support::program("chpst");
    const auto refused = inside({"-u", "nobody", chpst, "--ambient-caps", "+net_bind_service"}, "echo ran");
    CHECK(refused.code == 111);
    CHECK(refused.err.find("permission denied (option --ambient-caps)\n") != std::string::npos);
    CHECK(refused.out.empty());
    CHECK(inside({"-u", "nobody", chpst, "--ambient-caps", "-all"}, "echo ran").out == "ran\n");
}

TEST_CASE("ambient capabilities work with no-new-privs and a lock of the new user")
{
    if (!has_root() || !has_bind_capability()) return;
    Tree tree;
    ::chmod(tree.path().c_str(), 0700);
    const auto refused = inside({"-u", "nobody", "--ambient-caps=+all", "-L", tree.path("lock")}, "echo ran");
    CHECK(refused.code == 111);
    CHECK(
        inside({"-u", "nobody", "--no-new-privs", "--ambient-caps=+net_bind_service"}, status_of("CapEff")).out ==
        std::string(bind_mask) + "\n");
}

TEST_CASE("a capability that is not in the bounding set is lost to root too")
{
    if (!has_root() || !has_bind_capability()) return;
    const Words options{"--bounding-set", "-all,+net_bind_service"};
    CHECK(inside(options, status_of("CapBnd")).out == std::string(bind_mask) + "\n");
    CHECK(inside(options, status_of("CapEff")).out == std::string(bind_mask) + "\n");
}

TEST_CASE("a capability that is gone cannot be asked for")
{
    if (!has_root()) return;
    const auto chpst = support::program("chpst");
    for (const char* option : {"--bounding-set", "--ambient-caps"}) {
        const auto refused = inside({"--bounding-set", "-mknod", chpst, option, "+mknod"}, "echo ran");
        INFO(refused.err);
        CHECK(refused.code == 111);
        CHECK(refused.err.find(std::string("permission denied (option ") + option + ")") != std::string::npos);
        CHECK(refused.out.empty());
    }
}

TEST_CASE("all capabilities are those that there are")
{
    if (!has_root()) return;
    CHECK(inside({"--bounding-set", "+all"}, status_of("CapBnd")).out ==
          support::proc_field(::getpid(), "CapBnd") + "\n");
    CHECK(inside({"-u", "nobody", "--ambient-caps", "+all"}, status_of("CapEff")).out ==
          support::proc_field(::getpid(), "CapEff") + "\n");
}

TEST_CASE("the program gets its signal when its parent dies")
{
    if (!has_root()) return;
    Tree tree;
    support::adopt_orphans();
    const auto chpst = support::program("chpst");
    tree.script("parent", chpst + " -u nobody --pdeathsig KILL sleep 1000000 & echo $! > pid; exec sleep 1000000");
    support::StartSpec spec;
    spec.argv = {tree.path("parent")};
    spec.directory = tree.path();
    pid_t child = 0;
    support::Process parent{spec};
    REQUIRE(support::eventually([&] {
        const auto text = tree.read("pid");
        child = text.empty() ? 0 : static_cast<pid_t>(std::stol(text));
        return child != 0 && support::proc_field(child, "Name") == "sleep";
    }));
    parent.signal(SIGKILL);
    CHECK(support::eventually([&] { return !support::is_alive(child); }));
}

TEST_CASE("v tells each change in the order in which it is made")
{
    if (!has_root()) return;
    Tree tree;
    tree.file("env/NAME", "secret\n");
    const auto seen = inside({"-v", "-o", "64", "-2", "--umask", "022", "-L", tree.path("lock"), "-u", ":0:0",
                              "-n", "1", "-P", "-e", tree.path("env")},
                             "echo ran");
    CHECK(seen.out == "ran\n");
    // Not what follows -2.
    CHECK(seen.err ==
          "chpst: set the variable NAME\n"
          "chpst: start a new session\n"
          "chpst: add 1 to the nice value\n"
          "chpst: become 0:0: groups 0, gid 0, uid 0\n"
          "chpst: take the lock " +
              tree.path("lock") +
              "\n"
              "chpst: set umask to 0022\n"
              "chpst: close standard error\n");
}

TEST_CASE("a dry run tells everything to standard output and does nothing")
{
    Tree tree;
    const auto seen = inside({"--dry-run",
                              "-L",
                              tree.path("lock"),
                              "-u",
                              "nobody:daemon",
                              "-U",
                              ":7:8",
                              "-o",
                              "64",
                              "-m",
                              "9",
                              "--cpu-affinity",
                              "0-2",
                              "--cpu-scheduling",
                              "rr:5",
                              "--bounding-set",
                              "-all",
                              "--ambient-caps",
                              "+chown",
                              "--pdeathsig",
                              "9",
                              "--no-new-privs",
                              "--oom-score-adj",
                              "-5",
                              "-/",
                              "/nowhere",
                              "-C",
                              "there"},
                             "echo ran");
    CHECK(seen.code == 0);
    CHECK(seen.err.empty());
    CHECK_FALSE(tree.has("lock"));
    CHECK(seen.out ==
          "set OOM score adjustment to -5\n"
          "change root directory to /nowhere\n"
          "change directory to there\n"
          "run on CPUs 0,1,2\n"
          "set scheduling policy to rr:5\n"
          "set UID and GID to those of 7:8, looked up in the new root\n"
          "capability bounding set: -all\n"
          "become nobody:daemon, looked up in the new root\n"
          "ambient capabilities: +chown\n"
          "take the lock " +
              tree.path("lock") +
              "\n"
              "limit data segment to 9, stack segment to 9, locked pages to 9, all segments to 9, "
              "open files to 64\n"
              "set parent-death signal to 9\n"
              "forbid new privileges\n"
              "run /bin/sh\n");
}

TEST_CASE("a dry run finds what is wrong")
{
    Tree tree;
    CHECK(inside({"--dry-run", "-u", "no-such-user"}, "echo ran").code == 111);
    CHECK(inside({"--dry-run", "-e", tree.path("missing")}, "echo ran").code == 111);
    CHECK(inside({"--dry-run", "-o", "x"}, "echo ran").code == 100);
    CHECK(line(inside({"--dry-run", "-u", "nobody"}, ":").out, "become") ==
          "become nobody: groups 65534, gid 65534, uid 65534");
}

TEST_CASE("a soft limit goes up to the hard one, and anybody may lower that")
{
    const auto limits = [](const std::string& value, const std::string& before) {
        return support::run(
            {"sh", "-c",
             before + "exec " + support::program("chpst") + " -o " + value + " sh -c 'ulimit -Sn; ulimit -Hn'"});
    };
    const std::string before = "ulimit -Sn 50; ulimit -Hn 100; ";
    CHECK(limits("=", before).out == "100\n100\n");
    CHECK(limits("unlimited", before).out == "100\n100\n");
    CHECK(limits("20:80", before).out == "20\n80\n");
    CHECK(limits("=:80", before).out == "80\n80\n");
    CHECK(limits("90:80", before).out == "80\n80\n");
    CHECK(inside({"-c", "unlimited:4096"}, "ulimit -Sc; ulimit -Hc").out == "8\n8\n");
}

TEST_CASE("who is not privileged cannot raise a hard limit, and it says so")
{
    if (!has_root()) return;
    const auto seen =
        inside({"-o", "=:100", "-u", "nobody"}, support::program("chpst") + " -o =:200 true; ulimit -Hn");
    CHECK(seen.err == "chpst: fatal: unable to limit: open files: permission denied (option -o)\n");
    CHECK(seen.out == "100\n");
}

TEST_CASE("hard limits are raised before the program loses the right to do so")
{
    if (!has_root()) return;
    const auto seen = support::run({"sh", "-c",
                                    "ulimit -n 100; exec " + support::program("chpst") +
                                        " -v -u nobody -o 150:200 sh -c 'ulimit -Sn; ulimit -Hn; id -un'"});
    const std::string raised = "chpst: raise where it is lower: hard limit of open files to 200\nchpst: ";
    CHECK(starts_with(seen.err, raised));
    if (starts_with(seen.err, raised + "fatal: unable to limit: open files: permission denied (option -o)\n")) {
        WARN("skipped in part: no capability sys_resource here");
        return;
    }
    CHECK(starts_with(seen.err, raised + "become nobody"));
    CHECK(seen.err.find("limit open files to 150 of 200\n") != std::string::npos);
    CHECK(seen.out == "150\n200\nnobody\n");
}

TEST_CASE("an interpreter that is missing is named")
{
    Tree tree;
    tree.file("lost", "#!/nowhere/interpreter\n", 0755);
    tree.file("dos", "#!/bin/sh\r\n", 0755);
    const std::string why = "lost: interpreter /nowhere/interpreter: file does not exist\n";
    CHECK(chpst({tree.path("lost")}).err == "chpst: fatal: unable to run: " + tree.path(why));
    CHECK(chpst({tree.path("dos")}).err ==
          "chpst: fatal: unable to run: " + tree.path("dos") + ": \"#!/bin/sh\" ends in a carriage return\n");
    support::StartSpec spec;
    spec.argv = {support::program("chpst"), "lost"};
    spec.environment["PATH"] = "/nowhere:" + tree.path();
    CHECK(support::run(spec).err == "chpst: fatal: unable to run: " + why);
}

TEST_CASE("a lock is a link's target, or a fifo that somebody reads, and none is waited for")
{
    Tree tree;
    ::symlink("target", tree.path("link").c_str());
    CHECK(inside({"-L", tree.path("link")}, "echo ran").out == "ran\n");
    CHECK(tree.has("target"));
    REQUIRE(::mkfifo(tree.path("fifo").c_str(), 0600) == 0);
    for (const std::string option : {"-l", "-L"}) {
        const auto seen = inside({option, tree.path("fifo")}, "echo ran");
        CHECK(seen.code == 111);
        CHECK(seen.err == "chpst: fatal: unable to open lock: " + tree.path("fifo") +
                              ": device not configured (option " + option + ")\n");
    }
    const int reader = ::open(tree.path("fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    CHECK(inside({"-L", tree.path("fifo")}, "echo ran").out == "ran\n");
    ::close(reader);
}

TEST_CASE("a device in a directory of variables is read without waiting, and an endless one is refused")
{
    Tree tree;
    tree.directory("env");
    ::symlink("/dev/null", tree.path("env/GONE").c_str());
    CHECK(inside({"-e", tree.path("env")}, "echo ${GONE-unset}").out == "unset\n");
    ::symlink("/dev/zero", tree.path("env/ENDLESS").c_str());
    CHECK(inside({"-e", tree.path("env")}, "echo ran").err ==
          "chpst: fatal: unable to read: " + tree.path("env/ENDLESS") + ": argument list too long (option -e)\n");
    std::filesystem::remove(tree.path("env/ENDLESS"));
    const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE((terminal >= 0 && ::grantpt(terminal) == 0 && ::unlockpt(terminal) == 0));
    ::symlink(::ptsname(terminal), tree.path("env/TERMINAL").c_str());
    CHECK(inside({"-e", tree.path("env")}, "echo ran").err ==
          "chpst: fatal: unable to read: " + tree.path("env/TERMINAL") + ": temporary failure (option -e)\n");
    ::close(terminal);
}
