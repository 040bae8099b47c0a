// The names of daemontools' programs. [shared]: daemontools' own do the same.
#include <fcntl.h>
#include <sys/file.h>

#include <filesystem>

#include "scenario/chpst_inside.hpp"
#include "support/catch.hpp"
#include "support/tree.hpp"

using namespace chpst_test;
using support::Tree;

namespace {

support::Finished called(const std::string& name, Words words)
{
    words.insert(words.begin(), support::program(name));
    return support::run(std::move(words));
}

// `words` and then a shell that runs `script`.
support::Finished called(const std::string& name, Words words, const std::string& script)
{
    for (const char* word : {"/bin/sh", "-c"}) words.push_back(word);
    words.push_back(script);
    return called(name, std::move(words));
}

int hold(const std::string& file)
{
    const int holder = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(::flock(holder, LOCK_EX) == 0);
    return holder;
}

const char* const names[] = {"envdir", "envuidgid", "pgrphack", "setlock", "setuidgid", "softlimit"};

}  // namespace

TEST_CASE("envdir sets and unsets variables", "[shared]")
{
    Tree tree;
    tree.file("env/SET", "value \n");
    tree.file("env/HOME", "");
    CHECK(called("envdir", {tree.path("env")}, "echo $SET ${HOME-unset}").out == "value unset\n");
}

TEST_CASE("envdir fails for a directory in its directory", "[shared]")
{
    Tree tree;
    tree.directory("env/sub");
    const auto refused = called("envdir", {tree.path("env")}, "echo ran");
    CHECK(refused.code == 111);
    CHECK(refused.err.find("fatal: unable to read") != std::string::npos);
    CHECK(refused.err.find("is a directory") != std::string::npos);
    CHECK(refused.out.empty());
}

TEST_CASE("envdir fails without its directory", "[shared]")
{
    Tree tree;
    CHECK(called("envdir", {tree.path("missing")}, "echo ran").code == 111);
    CHECK(called("envdir", {"-x"}, "echo ran").code == 111);
}

TEST_CASE("envuidgid sets UID and GID and nothing else", "[shared]")
{
    if (!has_root()) return;
    CHECK(called("envuidgid", {"nobody"}, "env | grep -E '^[UG]ID=' | sort").out == "GID=65534\nUID=65534\n");
    CHECK(called("envuidgid", {"nobody"}, status_of("Uid")).out == "0 0 0 0\n");
    CHECK(called("envuidgid", {"no-such-user"}, "echo ran").code == 111);
    CHECK(called("envuidgid", {"nobody:daemon"}, "echo ran").code == 111);
}

TEST_CASE("setuidgid takes an account and no groups", "[shared]")
{
    if (!has_root()) return;
    CHECK(called("setuidgid", {"nobody"}, status_of("Uid")).out == "65534 65534 65534 65534\n");
    CHECK(called("setuidgid", {"nobody"}, status_of("Groups")).out == "65534\n");
    for (const char* wrong : {"no-such-user", "nobody:daemon", ":1:1", "0", "-x"}) {
        const auto refused = called("setuidgid", {wrong}, "echo ran");
        CHECK(refused.code == 111);
        CHECK(refused.err.find("fatal: unknown account") != std::string::npos);
        CHECK(refused.err.find(wrong) != std::string::npos);
        CHECK(refused.out.empty());
    }
}

TEST_CASE("pgrphack makes the program a leader", "[shared]")
{
    const std::string script =
        "read -r pid name state parent group rest < /proc/self/stat; test $group = $$ && echo yes";
    CHECK(called("pgrphack", {}, script).out == "yes\n");
    CHECK(called("pgrphack", {"-x"}, script).code == 111);
}

TEST_CASE("setlock waits for the lock and n gives up", "[shared][bug-38]")
{
    Tree tree;
    const int holder = hold(tree.path("lock"));
    const auto refused = called("setlock", {"-n", tree.path("lock")}, "echo ran");
    CHECK(refused.code == 111);
    CHECK(refused.err.find("fatal: unable to lock") != std::string::npos);
    CHECK(refused.out.empty());
    support::StartSpec plain;
    plain.argv = {support::program("setlock"), tree.path("lock"), "echo", "ran"};
    support::StartSpec told = plain;
    told.argv.insert(told.argv.begin() + 1, "-nN");
    support::Process waiting{plain};
    support::Process also_waiting{told};
    CHECK(support::always([&] { return waiting.is_running() && also_waiting.is_running(); },
                          std::chrono::milliseconds(50)));
    ::close(holder);
    CHECK(waiting.wait().out == "ran\n");
    CHECK(also_waiting.wait().out == "ran\n");
}

TEST_CASE("setlock with x ends with 0 and without a word where there is no lock", "[shared]")
{
    Tree tree;
    const int holder = hold(tree.path("lock"));
    for (const Words& options : {Words{"-nx", tree.path("lock")}, {"-x", "/no-such-directory/lock"}}) {
        const auto refused = called("setlock", options, "echo ran");
        CHECK(refused.code == 0);
        CHECK(refused.out.empty());
        CHECK(refused.err.empty());
    }
    CHECK(called("setlock", {"-nxX", tree.path("lock")}, "echo ran").code == 111);
    CHECK(called("setlock", {"/no-such-directory/lock"}, "echo ran").code == 111);
    ::close(holder);
}

TEST_CASE("softlimit limits what its letter says", "[shared]")
{
    CHECK(called("softlimit", {"-o", "64"}, "ulimit -n").out == "64\n");
    CHECK(called("softlimit", {"-a", "102400000"}, "ulimit -v").out == "100000\n");
    CHECK(called("softlimit", {"-s", "1024000"}, "ulimit -s").out == "1000\n");
    CHECK(called("softlimit", {"-l", "4096"}, "ulimit -l").out == "4\n");
    CHECK(called("softlimit", {"-d", "102400000"}, "ulimit -d").out == "100000\n");
    CHECK(called("softlimit", {"-c", "0"}, "ulimit -c").out == "0\n");
    CHECK(called("softlimit", {"-t", "100"}, "ulimit -t").out == "100\n");
    CHECK(called("softlimit", {"-p", "4000"}, "ulimit -p").out == "4000\n");
    CHECK(called("softlimit", {"-f", "512000"}, "ulimit -f").out == "1000\n");
    CHECK(called("softlimit", {"-m", "102400000"}, "ulimit -d; ulimit -s; ulimit -v").out ==
          "100000\n100000\n100000\n");
}

TEST_CASE("softlimit with an equals sign goes up to the hard limit", "[shared]")
{
    const auto softlimit = support::program("softlimit");
    CHECK(
        support::run({"sh", "-c", "ulimit -Sn 50; ulimit -Hn 100; exec " + softlimit + " -o = sh -c 'ulimit -Sn'"})
            .out == "100\n");
}

TEST_CASE("softlimit refuses what is no number with 100", "[shared]")
{
    CHECK(called("softlimit", {"-o", "x"}, "echo ran").code == 100);
    CHECK(called("softlimit", {"-o", "5x"}, "echo ran").code == 100);
    CHECK(called("softlimit", {"-q"}, "echo ran").code == 100);
    CHECK(called("softlimit", {}).code == 100);
}

TEST_CASE("a program that cannot be run is 111", "[shared]")
{
    Tree tree;
    tree.directory("env");
    CHECK(called("envdir", {tree.path("env"), "no-such-program"}).code == 111);
    CHECK(called("pgrphack", {"no-such-program"}).code == 111);
    CHECK(called("setlock", {tree.path("lock"), "no-such-program"}).code == 111);
    CHECK(called("softlimit", {"no-such-program"}).code == 111);
}

TEST_CASE("each name has a usage of its own and exits 100")
{
    for (const char* name : names) {
        for (const std::string& link : {std::string(name), std::string("d") + name}) {
            const auto refused = called(link, {});
            INFO(link);
            CHECK(refused.code == 100);
            CHECK(starts_with(refused.err, std::string("usage: ") + name + " "));
        }
    }
    CHECK(starts_with(called("dsoftlimit", {"-x"}).err, "dsoftlimit: illegal option -- x\nusage: softlimit "));
}

TEST_CASE("a wrong number is one line of the name it was called by", "[bug-43]")
{
    CHECK(called("softlimit", {"-o", "x", "true"}).err == "softlimit: -o: not a number, or too large: x\n");
}

TEST_CASE("each name is found with a d in front")
{
    if (!has_root()) return;
    Tree tree;
    tree.file("env/SET", "value\n");
    CHECK(called("denvdir", {tree.path("env")}, "echo $SET").out == "value\n");
    CHECK(called("denvuidgid", {":1:1"}, "echo ran").code == 111);
    CHECK(called("dpgrphack", {}, "echo ran").out == "ran\n");
    CHECK(called("dsetlock", {tree.path("lock")}, "echo ran").out == "ran\n");
    CHECK(called("dsetuidgid", {"nobody"}, status_of("Groups")).out == "65534\n");
    CHECK(called("dsoftlimit", {"-o", "64"}, "ulimit -n").out == "64\n");
}

TEST_CASE("the lines of the emulations are the reference's and name no option")
{
    CHECK(called("setuidgid", {"no-such-user", "true"}).err == "chpst: fatal: unknown account: no-such-user\n");
    CHECK(called("envdir", {"/no-such-directory", "true"}).err ==
          "chpst: fatal: unable to switch to directory: /no-such-directory: file does not exist\n");
}
