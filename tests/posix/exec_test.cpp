#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "posix/child.hpp"
#include "posix/spawn.hpp"
#include "support/catch.hpp"
#include "support/tree.hpp"

using namespace runsuite;

namespace {

// The exit code of `name` looked up in `path`, or minus the errno value of the failure.
int outcome_of(const char* name, const char* path, const char* directory = "/")
{
    const pid_t pid = ::fork();
    if (pid == 0) {
        const char* const argv[] = {name, nullptr};
        const char* const environment[] = {nullptr};
        if (::chdir(directory) < 0) ::_exit(255);
        ::_exit(100 + exec_program(name, argv, environment, path));
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 255;
    return code < 100 ? code : 100 - code;
}

void program(const support::Tree& tree, const std::string& name, int code)
{
    tree.script(name, "exit " + std::to_string(code) + "\n");
}

}  // namespace

TEST_CASE("a name without a slash is looked up in the directories of PATH, in their order")
{
    support::Tree tree;
    program(tree, "a/prog", 1);
    program(tree, "b/prog", 2);
    program(tree, "b/other", 3);
    const std::string path = tree.path("a") + ":" + tree.path("b");
    CHECK(outcome_of("prog", path.c_str()) == 1);
    CHECK(outcome_of("other", path.c_str()) == 3);
    CHECK(outcome_of("missing", path.c_str()) == -ENOENT);
}

TEST_CASE("a name with a slash is that file, whatever PATH says")
{
    support::Tree tree;
    program(tree, "a/prog", 1);
    program(tree, "prog", 2);
    CHECK(outcome_of("./prog", tree.path("a").c_str(), tree.path().c_str()) == 2);
    CHECK(outcome_of("./missing", tree.path("a").c_str(), tree.path().c_str()) == -ENOENT);
}

TEST_CASE("an empty part of PATH is the current directory")
{
    support::Tree tree;
    program(tree, "prog", 4);
    const std::string directory = tree.path();
    CHECK(outcome_of("prog", "/does/not/exist:", directory.c_str()) == 4);
    CHECK(outcome_of("prog", ":/does/not/exist", directory.c_str()) == 4);
    CHECK(outcome_of("prog", "", directory.c_str()) == 4);
}

TEST_CASE("without PATH a name is looked up in /bin and /usr/bin")
{
    CHECK(outcome_of("true", nullptr) == 0);
}

TEST_CASE("a file that may not be executed does not end the search")
{
    support::Tree tree;
    tree.file("a/prog", "#!/bin/sh\n", 0644);
    tree.directory("b/prog");
    program(tree, "c/prog", 5);
    const std::string denied = tree.path("a") + ":" + tree.path("b");
    CHECK(outcome_of("prog", (denied + ":" + tree.path("c")).c_str()) == 5);
    CHECK(outcome_of("prog", denied.c_str()) == -EACCES);
}

TEST_CASE("a part of PATH that is a file does not end the search")
{
    support::Tree tree;
    tree.file("file", "");
    program(tree, "c/prog", 6);
    CHECK(outcome_of("prog", (tree.path("file") + ":" + tree.path("c")).c_str()) == 6);
}

TEST_CASE("a file without an interpreter line is not given to a shell and ends the search")
{
    support::Tree tree;
    tree.file("a/prog", "exit 7\n", 0755);
    program(tree, "b/prog", 8);
    CHECK(outcome_of("prog", (tree.path("a") + ":" + tree.path("b")).c_str()) == -ENOEXEC);
}
