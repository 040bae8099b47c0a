// Where the reference does something else: bugs that are absent here, and bad input that gets one clear line.
#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>

#include "scenario/chpst_inside.hpp"
#include "support/catch.hpp"
#include "support/tree.hpp"

using namespace chpst_test;
using support::Tree;

namespace {

// One line, that exit code, the option in it, and nothing was run.
void check_refused(const Words& options, int code, const std::string& option, const std::string& words = "")
{
    const auto refused = inside(options, "echo ran");
    INFO(options[0] << " " << options[1] << ": " << refused.err);
    CHECK(refused.code == code);
    CHECK(refused.out.empty());
    CHECK(refused.err.find('\n') == refused.err.size() - 1);
    CHECK(refused.err.find(option) != std::string::npos);
    CHECK(refused.err.find(words) != std::string::npos);
}

}  // namespace

TEST_CASE("an empty id is not root", "[bug-39]")
{
    for (const char* wrong : {"::5", ":5:", ":", "::", ":5::6", ":5:6:"}) {
        check_refused({"-u", wrong}, 111, "-u", "invalid uid/gids");
        check_refused({"-U", wrong}, 111, "-U", "invalid uid/gids");
    }
}

TEST_CASE("an id beyond 32 bits is not cut to another one", "[bug-40]")
{
    if (!has_root()) return;
    for (const char* wrong : {":4294967296:1", ":1:4294967296", ":4294967295:1", ":1:4294967295",
                              ":18446744073709551616:1", ":1:1:4294967296"}) {
        check_refused({"-u", wrong}, 111, "-u", "invalid uid/gids");
    }
    CHECK(inside({"-u", ":4294967294:4294967294"}, status_of("Uid")).out ==
          "4294967294 4294967294 4294967294 4294967294\n");
}

TEST_CASE("a descriptor that is closed already is as it should be", "[bug-41]")
{
    const auto chpst = support::program("chpst");
    const std::string tail = " sh -c 'test -e /proc/$$/fd/0 || echo closed'";
    CHECK(support::run({"sh", "-c", "exec " + chpst + " -0" + tail + " <&-"}).out == "closed\n");
    CHECK(support::run({"sh", "-c", "exec " + chpst + " -0 " + chpst + " -0" + tail}).out == "closed\n");
}

TEST_CASE("a lock is never a standard descriptor and so not closed with it")
{
    Tree tree;
    const std::string file = tree.path("lock");
    const auto chpst = support::program("chpst");
    const auto seen = support::run({"sh", "-c",
                                    "exec " + chpst + " -L " + file + " -0 sh -c 'flock -n " + file +
                                        " true; echo $?; test -e /proc/$$/fd/0 || echo closed' <&-"});
    CHECK(seen.out == "1\nclosed\n");
}

TEST_CASE("a file name with an equals sign sets no other variable", "[bug-42]")
{
    Tree tree;
    tree.file("env/A=B", "x");
    check_refused({"-e", tree.path("env")}, 111, "(option -e)", tree.path("env") + "/A=B");
}

TEST_CASE("an unreadable environment directory is refused")
{
    Tree tree;
    check_refused({"-e", ""}, 111, "(option -e)", "file does not exist");
    REQUIRE(::mkfifo(tree.path("fifo").c_str(), 0600) == 0);
    check_refused({"-e", tree.path("fifo")}, 111, "(option -e)", "not a directory");
    tree.directory("env");
    REQUIRE(::mkfifo(tree.path("env/FIFO").c_str(), 0600) == 0);
    check_refused({"-e", tree.path("env")}, 111, "(option -e)", tree.path("env") + "/FIFO");
}

TEST_CASE("a fifo is refused also when somebody has written to it")
{
    Tree tree;
    tree.directory("env");
    REQUIRE(::mkfifo(tree.path("env/FIFO").c_str(), 0600) == 0);
    const int both_ends = ::open(tree.path("env/FIFO").c_str(), O_RDWR | O_CLOEXEC);
    REQUIRE(::write(both_ends, "half a", 6) == 6);
    check_refused({"-e", tree.path("env")}, 111, "(option -e)", tree.path("env") + "/FIFO");
    ::close(both_ends);
}

TEST_CASE("a large file costs no more than its first line")
{
    Tree tree;
    tree.file("env/LARGE", "first\n");
    REQUIRE(::truncate(tree.path("env/LARGE").c_str(), 100 << 20) == 0);
    CHECK(inside({"-e", tree.path("env")}, "echo $LARGE").out == "first\n");
}

TEST_CASE("a line that is too long for a variable is refused with its file")
{
    Tree tree;
    tree.directory("env");
    std::ofstream(tree.path("env/LARGE")) << std::string(100 << 20, 'x');
    check_refused({"-e", tree.path("env")}, 111, "(option -e)", tree.path("env") + "/LARGE");
}

TEST_CASE("a line of many blocks is read whole")
{
    Tree tree;
    const std::string value(100000, 'v');
    tree.file("env/LONG", value + "\nsecond\n");
    CHECK(inside({"-e", tree.path("env")}, "echo ${#LONG}").out == "100000\n");
    tree.file("env/LONG", value);
    CHECK(inside({"-e", tree.path("env")}, "echo ${#LONG}").out == "100000\n");
}

TEST_CASE("hundreds of variables are set")
{
    Tree tree;
    for (int number = 0; number < 700; ++number) tree.file("env/V" + std::to_string(number), "v\n");
    CHECK(inside({"-e", tree.path("env")}, "env | grep -c '^V[0-9]*=v$'").out == "700\n");
}

TEST_CASE("a number that is none or too large is refused in one line with its option")
{
    for (const char* option : {"-m", "-d", "-o", "-p", "-f", "-c", "-r", "-t", "-n"}) {
        for (const char* wrong : {"", "x", "5x", "99999999999999999999"}) {
            check_refused({option, wrong}, 100, std::string(option) + ": not a number");
        }
    }
}

TEST_CASE("a lock that cannot be opened is refused")
{
    Tree tree;
    tree.directory("directory");
    REQUIRE(::mkfifo(tree.path("fifo").c_str(), 0600) == 0);
    check_refused({"-l", tree.path("directory")}, 111, "(option -l)", "unable to open lock");
    check_refused({"-L", tree.path("fifo")}, 111, "(option -L)", "unable to open lock");
    check_refused({"-L", ""}, 111, "(option -L)", "unable to open lock");
    check_refused({"-L", "/proc/no-such-file"}, 111, "(option -L)", "unable to open lock");
}

TEST_CASE("a second lock is refused in one line")
{
    check_refused({"-l", "a", "-L", "b"}, 100, "-L: only one lock");
}

TEST_CASE("nothing is applied when something is wrong with the options")
{
    Tree tree;
    const std::string file = tree.path("lock");
    CHECK(inside({"-L", file, "-o", "x"}, "echo ran").code == 100);
    CHECK(inside({"-L", file, "-u", "::5"}, "echo ran").code == 111);
    CHECK(inside({"-L", file, "-u", "no-such-user"}, "echo ran").code == 111);
    CHECK(inside({"-L", file, "-e", tree.path("missing")}, "echo ran").code == 111);
    CHECK_FALSE(tree.has("lock"));
}

TEST_CASE("a directory in PATH that cannot be searched is passed over")
{
    Tree tree;
    tree.file("file", "");
    support::StartSpec spec;
    spec.argv = {support::program("chpst"), "echo", "ran"};
    spec.environment["PATH"] = tree.path("file") + ":" + tree.path("missing") + ":/bin";
    CHECK(support::run(spec).out == "ran\n");
    spec.environment["PATH"] = tree.path("file");
    const auto refused = support::run(spec);
    CHECK(refused.code == 111);
    CHECK(refused.err == "chpst: fatal: unable to run: echo: file does not exist\n");
}

TEST_CASE("a directory in PATH that the new user may not search is passed over, and told when it is the only one")
{
    if (!has_root()) return;
    Tree tree;
    tree.script("closed/echo", "echo hidden\n");
    ::chmod(tree.path("closed").c_str(), 0700);
    ::chmod(tree.path().c_str(), 0755);
    support::StartSpec spec;
    spec.argv = {support::program("chpst"), "-u", "nobody", "echo", "ran"};
    spec.environment["PATH"] = tree.path("closed") + ":/bin";
    CHECK(support::run(spec).out == "ran\n");
    spec.environment["PATH"] = tree.path("closed");
    const auto refused = support::run(spec);
    CHECK(refused.code == 111);
    CHECK(refused.out.empty());
    CHECK(refused.err == "chpst: fatal: unable to run: echo: access denied\n");
}

TEST_CASE("control characters in a name do not break the line")
{
    check_refused({"-u", "no\nbody"}, 111, "no?body");
    check_refused({"-e", std::string(5000, 'x')}, 111, "file name too long");
}

TEST_CASE("more groups than there is room for are refused")
{
    std::string numbers = ":1";
    std::string names = "nobody";
    for (int group = 0; group < 61; ++group) {
        numbers += ":1";
        names += ":daemon";
    }
    check_refused({"-u", numbers}, 111, "-u", "invalid uid/gids");
    check_refused({"-u", names}, 111, "-u", "too many groups");
}
