// What chpst and the reference's chpst both do. As root, and looking from inside the program that is run.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <filesystem>

#include "scenario/chpst_inside.hpp"
#include "scenario/chpst_root.hpp"
#include "support/catch.hpp"
#include "support/tree.hpp"

using namespace chpst_test;
using support::Tree;

namespace {

std::string limit_line(const std::string& name)
{
    return "grep '^" + name + " *[0-9u]' /proc/self/limits | sed 's/  */ /g; s/ [a-z]* $//'";
}

}  // namespace

TEST_CASE("u gives the ids of the account and drops every other group", "[shared]")
{
    if (!has_root()) return;
    CHECK(inside({"-u", "nobody"}, status_of("Uid")).out == "65534 65534 65534 65534\n");
    CHECK(inside({"-u", "nobody"}, status_of("Gid")).out == "65534 65534 65534 65534\n");
    CHECK(inside({"-u", "nobody"}, status_of("Groups")).out == "65534\n");
}

TEST_CASE("u with groups takes the first as gid and all as groups", "[shared]")
{
    if (!has_root()) return;
    CHECK(inside({"-u", "nobody:daemon:bin"}, status_of("Gid")).out == "1 1 1 1\n");
    CHECK(inside({"-u", "nobody:daemon:bin"}, status_of("Groups")).out == "1 2\n");
    CHECK(inside({"-u", ":12345:54321:7"}, status_of("Uid")).out == "12345 12345 12345 12345\n");
    CHECK(inside({"-u", ":12345:54321:7"}, status_of("Groups")).out == "7 54321\n");
}

TEST_CASE("U sets variables and no ids", "[shared]")
{
    if (!has_root()) return;
    const std::string script =
        "echo $(sed -z -n '/^[UG]ID=/p' /proc/self/environ | tr '\\0' ' ' | tr ' ' '\\n' | sort)";
    CHECK(inside({"-U", "nobody"}, script).out == "GID=65534 UID=65534\n");
    CHECK(inside({"-U", "nobody:daemon"}, script).out == "GID=1 UID=65534\n");
    CHECK(inside({"-U", ":5:6:7"}, script).out == "GID=6 UID=5\n");
    CHECK(inside({"-U", "nobody"}, status_of("Uid")).out == "0 0 0 0\n");
}

TEST_CASE("U beats the environment directory", "[shared]")
{
    Tree tree;
    tree.file("env/GID", "9\n");
    CHECK(inside({"-U", ":5:6", "-e", tree.path("env")}, "env | grep ^GID=").out == "GID=6\n");
}

TEST_CASE("e sets and unsets variables by the files of a directory", "[shared]")
{
    using namespace std::string_literals;
    Tree tree;
    tree.file("env/PLAIN", "value \t\nsecond\n");
    tree.file("env/NEWLINES", "a\0b\n"s);
    tree.file("env/HOME", "");
    tree.file("env/EMPTY", "\n");
    tree.file("env/.hidden", "x");
    tree.directory("env/directory");
    support::StartSpec spec;
    spec.argv = {support::program("chpst"), "-e", tree.path("env"), "/usr/bin/env", "-0"};
    spec.environment = {{"HOME", "x"}, {"PLAIN", "old"}, {"KEPT", "y"}};
    const auto seen = "\0"s + support::run(spec).out;
    for (const auto& there : {"PLAIN=value"s, "NEWLINES=a\nb"s, "EMPTY="s, "KEPT=y"s}) {
        INFO(there);
        CHECK(seen.find("\0"s + there + "\0"s) != std::string::npos);
    }
    for (const auto& absent : {"HOME="s, "PLAIN=old"s, ".hidden="s, "directory="s}) {
        INFO(absent);
        CHECK(seen.find("\0"s + absent) == std::string::npos);
    }
}

TEST_CASE("a symlink to nothing in the environment directory unsets its variable")
{
    Tree tree;
    tree.directory("env");
    std::filesystem::create_symlink("/nowhere", tree.path("env/LOGNAME"));
    support::StartSpec spec;
    spec.argv = {support::program("chpst"), "-e", tree.path("env"), "/usr/bin/env"};
    spec.environment = {{"LOGNAME", "x"}, {"KEPT", "y"}};
    const auto seen = "\n" + support::run(spec).out;
    CHECK(seen.find("\nLOGNAME=") == std::string::npos);
    CHECK(seen.find("\nKEPT=y\n") != std::string::npos);
}

TEST_CASE("a subdirectory in the environment directory is warned about with v", "[shared]")
{
    Tree tree;
    tree.directory("env/sub");
    CHECK(inside({"-e", tree.path("env")}, ":").err.empty());
    const auto loud = inside({"-v", "-e", tree.path("env")}, ":");
    CHECK(loud.code == 0);
    const std::string line = "chpst: warning: unable to read " + tree.path("env/sub") + ": is a directory\n";
    CHECK(loud.err.find(line) != std::string::npos);
}

TEST_CASE("the environment directory is read with the old privileges and outside the new root", "[shared]")
{
    if (!has_root()) return;
    Tree tree;
    tree.file("env/SECRET", "known\n", 0600);
    ::chmod(tree.path("env").c_str(), 0700);
    CHECK(inside({"-u", "nobody", "-e", tree.path("env")}, "echo $SECRET").out == "known\n");
    make_root(tree, "root");
    CHECK(inside({"-/", tree.path("root"), "-e", tree.path("env")}, "echo $SECRET").out == "known\n");
}

TEST_CASE("a new root is the root and the directory of the program", "[shared]")
{
    if (!has_root()) return;
    Tree tree;
    make_root(tree, "root");
    tree.file("root/mark", "here");
    CHECK(inside({"-/", tree.path("root")}, "read -r line < /mark; echo $line; pwd").out == "here\n/\n");
    CHECK(inside({"-/", "root"}, "pwd", tree.path()).out == "/\n");
}

TEST_CASE("names are looked up in the files of the new root", "[shared]")
{
    if (!has_root()) return;
    Tree tree;
    make_root(tree, "root");
    tree.file("root/etc/passwd", "only:x:4321:1234::/:/bin/sh\n");
    const std::string script = "set -- $(echo $UID $GID); echo $*";
    CHECK(inside({"-/", tree.path("root"), "-U", "only"}, script).out == "4321 1234\n");
    CHECK(inside({"-/", tree.path("root"), "-U", "nobody"}, script).code == 111);
}

TEST_CASE("b is the zeroth argument and the program is still found by its name", "[shared]")
{
    CHECK(inside({"-b", "other"}, "echo $0").out == "other\n");
    CHECK(inside({"-b", "-sh"}, "echo $0").out == "-sh\n");
    CHECK(inside({"-b", ""}, "echo =$0").out == "=\n");
}

TEST_CASE("n adds to the nice value and stops at its ends", "[shared]")
{
    if (!has_root() || !has_plain_nice()) return;
    CHECK(inside({"-n", "3"}, "nice").out == "3\n");
    CHECK(inside({"-n", "+3"}, "nice").out == "3\n");
    CHECK(inside({"-n", "-3"}, "nice").out == "-3\n");
    CHECK(inside({"-n", "100"}, "nice").out == "19\n");
    CHECK(inside({"-n", "-100"}, "nice").out == "-20\n");
}

TEST_CASE("P starts a session", "[shared]")
{
    const std::string script =
        "read -r pid name state parent group session rest < /proc/self/stat; "
        "test $group = $$ && test $session = $$ && echo leader";
    CHECK(inside({"-P"}, script).out == "leader\n");
    CHECK(inside({}, script).out.empty());
}

TEST_CASE("P in a process that leads a session already is no failure", "[shared]")
{
    const auto chpst = support::program("chpst");
    CHECK(support::run({"setsid", "-w", "sh", "-c", "exec " + chpst + " -P echo fine"}).out == "fine\n");
}

TEST_CASE("0, 1 and 2 close the standard descriptors", "[shared]")
{
    const std::string script = "for n in 0 1 2; do test -e /proc/$$/fd/$n || echo $n >> seen; done";
    Tree tree;
    inside({"-0", "-2"}, script, tree.path());
    CHECK(tree.read("seen") == "0\n2\n");
    inside({"-1"}, script, tree.path());
    CHECK(tree.read("seen") == "0\n2\n1\n");
}

TEST_CASE("each limit is a soft one of its resource", "[shared]")
{
    CHECK(starts_with(inside({"-o", "64"}, limit_line("Max open files")).out, "Max open files 64 "));
    CHECK(starts_with(inside({"-p", "5000"}, limit_line("Max processes")).out, "Max processes 5000 "));
    CHECK(starts_with(inside({"-f", "100000"}, limit_line("Max file size")).out, "Max file size 100000 unl"));
    CHECK(starts_with(inside({"-c", "0"}, limit_line("Max core file size")).out, "Max core file size 0 "));
    CHECK(starts_with(inside({"-t", "77"}, limit_line("Max cpu time")).out, "Max cpu time 77 unl"));
    CHECK(starts_with(inside({"-d", "99999744"}, limit_line("Max data size")).out, "Max data size 99999744 unl"));
    CHECK(starts_with(inside({"-r", "4096"}, limit_line("Max resident set")).out, "Max resident set 4096 unl"));
}

TEST_CASE("m limits data, stack, locked pages and address space", "[shared]")
{
    const auto seen = inside({"-m", "100003840"}, "cat /proc/self/limits").out;
    for (const char* name : {"Max data size", "Max stack size", "Max address space"}) {
        const auto at = seen.find(name);
        REQUIRE(at != std::string::npos);
        CHECK(seen.substr(at, 50).find("100003840") != std::string::npos);
    }
}

TEST_CASE("a limit above the hard limit is cut to it", "[shared]")
{
    const auto chpst = support::program("chpst");
    const auto seen = support::run(
        {"sh", "-c", "ulimit -Sn 50; ulimit -Hn 100; exec " + chpst + " -o 200 sh -c 'ulimit -Sn; ulimit -Hn'"});
    CHECK(seen.out == "100\n100\n");
}

TEST_CASE("L gives up at once when the lock is held and l waits for it", "[shared]")
{
    Tree tree;
    const std::string file = tree.path("lock");
    const int holder = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(::flock(holder, LOCK_EX) == 0);
    const auto refused = inside({"-L", file}, "echo ran");
    CHECK(refused.code == 111);
    CHECK(starts_with(refused.err, "chpst: fatal: unable to lock: " + file + ": temporary failure"));
    CHECK(refused.out.empty());

    support::StartSpec spec;
    spec.argv = {support::program("chpst"), "-l", file, "echo", "ran"};
    support::Process waiting{spec};
    CHECK(support::always([&] { return waiting.is_running() && waiting.out().empty(); },
                          std::chrono::milliseconds(50)));
    ::close(holder);
    CHECK(waiting.wait().out == "ran\n");
}

TEST_CASE("the lock is held by the program and what it starts, and goes with them", "[shared]")
{
    Tree tree;
    const std::string file = tree.path("lock");
    CHECK(inside({"-L", file}, "flock -n " + file + " true; echo $?").out == "1\n");
    CHECK(inside({"-L", file}, "echo again").out == "again\n");
    struct stat about {};
    REQUIRE(::stat(file.c_str(), &about) == 0);
    CHECK((about.st_mode & 07777) == 0600);
}

TEST_CASE("the lock file keeps its contents", "[shared]")
{
    Tree tree;
    tree.file("lock", "contents");
    CHECK(inside({"-l", tree.path("lock")}, ":").code == 0);
    CHECK(tree.read("lock") == "contents");
}

TEST_CASE("the lock file is opened as the new user", "[shared]")
{
    if (!has_root()) return;
    Tree tree;
    tree.directory("open");
    ::chmod(tree.path().c_str(), 0755);
    ::chmod(tree.path("open").c_str(), 0777);
    CHECK(inside({"-u", "nobody", "-L", tree.path("open/lock")}, ":").code == 0);
    struct stat about {};
    REQUIRE(::stat(tree.path("open/lock").c_str(), &about) == 0);
    CHECK(about.st_uid == 65534);
    CHECK(inside({"-L", tree.path("lock"), "-u", "nobody"}, ":").code == 111);
}

TEST_CASE("the program is looked up in the old PATH", "[shared]")
{
    Tree tree;
    tree.file("env/PATH", tree.path("bin") + "\n");
    tree.script("bin/only-there", "echo found\n");
    CHECK(chpst({"-e", tree.path("env"), "only-there"}).code == 111);
    support::StartSpec spec;
    spec.argv = {support::program("chpst"), "-e", tree.path("env"), "/bin/sh", "-c", "echo $PATH"};
    CHECK(support::run(spec).out == tree.path("bin") + "\n");
    spec.argv = {support::program("chpst"), "only-there"};
    spec.environment["PATH"] = tree.path("bin") + ":/bin";
    CHECK(support::run(spec).out == "found\n");
}

TEST_CASE("a file that cannot be run does not hide the next one in PATH", "[shared]")
{
    Tree tree;
    tree.file("first/tool", "#!/bin/sh\n", 0644);
    tree.directory("second/tool");
    tree.script("third/tool", "echo third\n");
    support::StartSpec spec;
    spec.argv = {support::program("chpst"), "tool"};
    spec.environment["PATH"] = tree.path("first") + ":" + tree.path("second") + ":" + tree.path("third");
    CHECK(support::run(spec).out == "third\n");
    spec.environment["PATH"] = tree.path("first");
    const auto refused = support::run(spec);
    CHECK(refused.code == 111);
    CHECK(refused.err == "chpst: fatal: unable to run: tool: access denied\n");
}

TEST_CASE("a program that cannot be run is said so with 111", "[shared]")
{
    if (!has_root()) return;
    Tree tree;
    tree.file("plain", "echo no\n", 0755);
    tree.file("lost", "#!/nowhere/interpreter\n", 0755);
    CHECK(chpst({"no-such-program"}).err == "chpst: fatal: unable to run: no-such-program: file does not exist\n");
    CHECK(chpst({"./"}).code == 111);
    CHECK(chpst({""}).code == 111);
    const auto plain = chpst({tree.path("plain")});
    CHECK(plain.code == 111);
    CHECK(plain.err == "chpst: fatal: unable to run: " + tree.path("plain") + ": exec format error\n");
    const auto lost = chpst({tree.path("lost")});  // which file, only ours says
    CHECK(lost.code == 111);
    CHECK(starts_with(lost.err, "chpst: fatal: unable to run: " + tree.path("lost") + ": "));
    CHECK(lost.err.ends_with(": file does not exist\n"));
}

TEST_CASE("wrong options exit 100 and the program is not run", "[shared]")
{
    for (const Words& wrong : {Words{},
                               {"-v"},
                               {"-x"},
                               {"-u"},
                               {"-V"},
                               {"-n", "x"},
                               {"-o", "x"},
                               {"-o", "5x"},
                               {"-o", "-1"},
                               {"-t", " 1"},
                               {"-l", "a", "-l", "b"},
                               {"-l", "a", "-L", "b"}}) {
        Words words = wrong;
        if (!words.empty() && words[0] != "-v" && words[0] != "-u") {
            for (const char* word : {"echo", "ran"}) words.push_back(word);
        }
        const auto refused = chpst(words);
        INFO((words.empty() ? "" : words[0]) << ": " << refused.err);
        CHECK(refused.code == 100);
        CHECK(refused.out.empty());
        CHECK_FALSE(refused.err.empty());
    }
}

TEST_CASE("the reference's words for what is wrong come first", "[shared]")
{
    Tree tree;
    tree.file("file", "");
    const std::string missing = tree.path("missing");
    const std::pair<Words, std::string> cases[] = {
        {{"-u", "no-such-user"}, "chpst: fatal: unknown user/group: no-such-user"},
        {{"-u", "nobody:no-such-group"}, "chpst: fatal: unknown user/group: nobody:no-such-group"},
        {{"-u", "0"}, "chpst: fatal: unknown user/group: 0"},
        {{"-u", "nobody:"}, "chpst: fatal: unknown user/group: nobody:"},
        {{"-U", ":x:1"}, "chpst: fatal: invalid uid/gids: x:1"},
        {{"-u", ":5"}, "chpst: fatal: invalid uid/gids: 5"},
        {{"-e", missing}, "chpst: fatal: unable to switch to directory: " + missing + ": file does not exist"},
        {{"-e", tree.path("file")},
         "chpst: fatal: unable to switch to directory: " + tree.path("file") + ": not a directory"},
        {{"-/", missing}, "chpst: fatal: unable to change directory: " + missing + ": file does not exist"},
        {{"-l", missing + "/x"}, "chpst: fatal: unable to open lock: " + missing + "/x: file does not exist"},
    };
    for (const auto& [options, words] : cases) {
        const auto refused = inside(options, "echo ran");
        INFO(refused.err);
        CHECK(refused.code == 111);
        CHECK(starts_with(refused.err, words));
        CHECK(refused.out.empty());
    }
}

TEST_CASE("an option that does not exist is named before the usage", "[shared]")
{
    const auto refused = chpst({"-x", "true"});
    CHECK(starts_with(refused.err, "chpst: illegal option -- x\nusage: chpst [-vVP012] "));
    CHECK(starts_with(chpst({"-u"}).err, "chpst: option requires an argument -- u\nusage: chpst "));
    CHECK(starts_with(chpst({}).err, "usage: chpst [-vVP012] [-u user[:group]] "));
}

TEST_CASE("without privileges what needs them fails with 111", "[shared]")
{
    if (!has_root()) return;
    const auto chpst = support::program("chpst");
    for (const char* options : {"-u nobody", "-n -1", "-/ /"}) {
        const auto refused = support::run({"setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                                           "sh", "-c", "exec " + chpst + " " + options + " echo ran"});
        INFO(options << ": " << refused.err);
        CHECK(refused.code == 111);
        CHECK(refused.err.find("permission denied") != std::string::npos);
        CHECK(refused.out.empty());
    }
}

TEST_CASE("the exit code and the death of the program are chpst's own", "[shared]")
{
    CHECK(inside({}, "exit 77").code == 77);
    CHECK(inside({}, "kill -9 $$").signal == 9);
}
