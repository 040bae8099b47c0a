// What every program but sv answers to --version and --help, and that what it could not say is a failure.
#include <fcntl.h>

#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/tree.hpp"

using namespace support;

namespace {

const std::string programs[] = {"runsv",     "runsvdir",   "svlogd",   "chpst",    "runsvchdir",
                                "runit",     "runit-init", "utmpset",  "envdir",   "setlock",
                                "setuidgid", "dsoftlimit", "pgrphack", "envuidgid"};

std::string page_of(const std::string& name)
{
    return name == "dsoftlimit" ? "softlimit" : name;
}

Finished shell(const std::string& command)
{
    return run({"sh", "-c", command});
}

}  // namespace

TEST_CASE("asked with --version, each says the suite's version on standard output and exits 0")
{
    for (const std::string& name : programs) {
        const auto seen = run({program(name), "--version"});
        INFO(name << ": " << seen.err);
        CHECK(seen.code == 0);
        CHECK(seen.out.rfind("runsuite ", 0) == 0);
        CHECK(seen.out.find_first_of("0123456789") == 9);
        CHECK(seen.out.find('\n') == seen.out.size() - 1);
        CHECK(seen.err.empty());
    }
}

TEST_CASE("asked with --help, each says the usage, the purpose and the page on standard output and exits 0")
{
    for (const std::string& name : programs) {
        const auto seen = run({program(name), "--help"});
        INFO(name << ": " << seen.err);
        CHECK(seen.code == 0);
        CHECK(seen.out.rfind("usage: " + page_of(name), 0) == 0);
        CHECK(seen.out.find(" see " + page_of(name) + "(8).\n") != std::string::npos);
        CHECK(seen.err.empty());
    }
}

TEST_CASE("what cannot be written is a failure that is told")
{
    for (const std::string& name : programs) {
        for (const std::string word : {"--help", "--version"}) {
            for (const std::string where : {">/dev/full", ">&-"}) {
                const auto seen = shell("exec " + program(name) + " " + word + " " + where);
                INFO(name << " " << word << " " << where << ": " << seen.err);
                CHECK(seen.code == 111);
                const std::string why = where == ">&-" ? "file descriptor not open" : "out of disk space";
                CHECK(seen.err == page_of(name) + ": fatal: unable to write to standard output: " + why + "\n");
            }
        }
    }
    const auto dry = shell("exec " + program("chpst") + " --dry-run -n 1 true >/dev/full");
    CHECK(dry.code == 111);
    CHECK(dry.err == "chpst: fatal: unable to write to standard output: out of disk space (option --dry-run)\n");
}

TEST_CASE("beside other words the two mean what they did")
{
    Tree tree;
    tree.directory("--help");
    StartSpec spec;
    spec.directory = tree.path();
    const auto in_tree = [&](std::vector<std::string> words) {
        spec.argv = std::move(words);
        return run(spec);
    };
    CHECK(in_tree({program("runsv"), "--help", "more"}).code == 1);
    CHECK(in_tree({program("chpst"), "--help", "true"}).code == 100);
    CHECK(in_tree({program("chpst"), "--", "sh", "-c", "echo $0", "--help"}).out == "--help\n");
    CHECK(in_tree({program("envdir"), "--help", "sh", "-c", "echo $0", "--version"}).out == "--version\n");
    CHECK(in_tree({program("utmpset"), "--help", "tty1"}).code == 1);
    CHECK(in_tree({program("svlogd"), "--help", "log"}).code == 111);
    CHECK(in_tree({program("chpst"), "-V"}).code == 100);
    CHECK(in_tree({program("chpst"), "-V"}).err.rfind("chpst: runsuite ", 0) == 0);
}
