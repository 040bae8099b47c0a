// runsvchdir: the links it makes, what it says, and what it leaves alone.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "posix/unique_fd.hpp"
#include "scenario/runsvchdir_fixture.hpp"

using namespace runsvchdir_test;
using Names = std::set<std::string>;

TEST_CASE("the directory becomes current, and what was current is previous", "[shared]")
{
    if (!can_run()) return;
    Tree tree;
    Sets sets(tree);
    const auto changed = sets.change({"two"});
    CHECK(changed.code == 0);
    CHECK(changed.out == "runsvchdir: two: now current.\n");
    CHECK(changed.err.empty());
    CHECK(sets.everything() == Names{"current -> two", "one", "previous -> one", "two"});
    CHECK(sets.change({"one"}).code == 0);
    CHECK(sets.everything() == Names{"current -> one", "one", "previous -> two", "two"});
}

TEST_CASE("the link says what was given", "[shared]")
{
    if (!can_run()) return;
    Tree tree;
    Sets sets(tree);
    CHECK(sets.change({sets.of("two")}).code == 0);
    CHECK(sets.text("current") == sets.of("two"));
    CHECK(sets.change({"one/../one/"}).code == 0);
    CHECK(sets.text("current") == "one/../one/");
    CHECK(sets.text("previous") == sets.of("two"));
}

TEST_CASE("a directory that is current already changes nothing, by whatever name", "[shared]")
{
    if (!can_run()) return;
    Tree tree;
    Sets sets(tree);
    sets.link("one", "alias");
    const auto before = sets.everything();
    for (const auto& name :
         {std::string("one"), std::string("one/"), sets.of("one"), std::string("alias"), std::string("current")}) {
        const auto changed = sets.change({name});
        CHECK(changed.code == 0);
        CHECK(changed.out == "runsvchdir: " + name + ": current.\n");
        CHECK(sets.everything() == before);
    }
}

TEST_CASE("without a directory it is wrong usage, and more than one is not looked at", "[shared]")
{
    if (!can_run()) return;
    Tree tree;
    Sets sets(tree);
    const auto nothing = sets.change({});
    CHECK(nothing.code == 1);
    CHECK(nothing.err == "usage: runsvchdir dir\n\n");
    CHECK(sets.change({"two", "nosuch"}).code == 0);
    CHECK(sets.text("current") == "two");
}

TEST_CASE("what is no directory that may be current is refused", "[shared]")
{
    if (!can_run()) return;
    Tree tree;
    Sets sets(tree);
    tree.directory("sets/.dot");
    tree.file("sets/file", "");
    const auto before = sets.everything();
    CHECK(sets.change({".dot"}).err == "runsvchdir: fatal: .dot: must not start with a dot.\n");
    CHECK(sets.change({"nosuch"}).err == "runsvchdir: fatal: nosuch: file does not exist\n");
    CHECK(sets.change({""}).err == "runsvchdir: fatal: : file does not exist\n");
    CHECK(sets.change({"--"}).err == "runsvchdir: fatal: --: file does not exist\n");
    for (const char* name : {".dot", "./two", "../sets/two", "nosuch", "file", "", "--"}) {
        const auto refused = sets.change({name});
        CHECK(refused.code == 111);
        CHECK(refused.out.empty());
    }
    CHECK(sets.everything() == before);
}

TEST_CASE("a current that is missing or leads nowhere is refused", "[shared]")
{
    if (!can_run()) return;
    Tree tree;
    Sets sets(tree);
    tree.remove("sets/current");
    CHECK(sets.change({"two"}).code == 111);
    CHECK(sets.everything() == Names{"one", "two"});
    sets.link("nowhere", "current");
    const auto refused = sets.change({"two"});
    CHECK(refused.code == 111);
    CHECK(refused.err == "runsvchdir: fatal: unable to stat: current: file does not exist\n");
    CHECK(sets.everything() == Names{"current -> nowhere", "one", "two"});
}

TEST_CASE("what an earlier one left behind is replaced", "[shared]")
{
    if (!can_run()) return;
    Tree tree;
    Sets sets(tree);
    sets.link("nowhere", "current.new");
    sets.link("nowhere", "previous");
    CHECK(sets.change({"two"}).code == 0);
    CHECK(sets.everything() == Names{"current -> two", "one", "previous -> one", "two"});
}

TEST_CASE("a current that is no link but a directory becomes previous itself", "[shared]")
{
    if (!can_run()) return;
    Tree tree;
    Sets sets(tree);
    tree.remove("sets/current");
    tree.directory("sets/current/mark");
    sets.link("one", "previous");
    CHECK(sets.change({"two"}).code == 0);
    CHECK(sets.everything() == Names{"current -> two", "one", "previous", "two"});
    CHECK(tree.has("sets/previous/mark"));
}

TEST_CASE("while a directory is previous itself no other one becomes current, because that would lose it",
          "[shared]")
{
    if (!can_run()) return;
    Tree tree;
    Sets sets(tree);
    tree.remove("sets/current");
    tree.directory("sets/current/mark");
    REQUIRE(sets.change({"two"}).code == 0);
    const auto refused = sets.change({"one"});
    CHECK(refused.code == 111);
    CHECK(refused.out.empty());
    CHECK(sets.text("current") == "two");
    CHECK(tree.has("sets/previous/mark"));
    if (is_reference("runsvchdir")) return;
    CHECK(refused.err == "runsvchdir: fatal: unable to copy: current to previous: is a directory\n");
    CHECK(sets.everything() == Names{"current -> two", "one", "previous", "two"});
}

TEST_CASE("a current that leads to previous, as the reference makes it, does not make that a link to itself")
{
    for (const bool is_directory : {false, true}) {
        Tree tree;
        Sets sets(tree);
        if (is_directory) tree.directory("sets/previous/mark");
        else sets.link("one", "previous");
        const auto before = sets.everything();
        tree.remove("sets/current");
        sets.link("previous", "current");
        CHECK(sets.change({"two"}).code == 0);
        auto expected = before;
        expected.erase("current -> one");
        expected.insert("current -> two");
        CHECK(sets.everything() == expected);
        CHECK(sets.change({"previous"}).code == 0);
        CHECK(sets.text("previous") == "two");
        CHECK(tree.has("sets/current/mark") == is_directory);
    }
}

TEST_CASE("a directory that became previous itself becomes current again, as often as one likes")
{
    Tree tree;
    Sets sets(tree);
    tree.remove("sets/current");
    tree.directory("sets/current/mark");
    for (const char* name : {"two", "one"}) {
        REQUIRE(sets.change({name}).code == 0);
        sets.link("nowhere", "current.new");
        const auto changed = sets.change({"previous"});
        CHECK(changed.code == 0);
        CHECK(changed.out == "runsvchdir: previous: now current.\n");
        CHECK(sets.everything() == Names{"current", "one", "previous -> " + std::string(name), "two"});
        CHECK(tree.has("sets/current/mark"));
    }
    CHECK(sets.change({"previous"}).code == 0);
    CHECK(sets.everything() == Names{"current -> one", "one", "previous", "two"});
    CHECK(sets.change({sets.of("previous")}).code == 0);
    CHECK(tree.has("sets/current/mark"));
}

TEST_CASE("a file is said to be no directory")
{
    Tree tree;
    Sets sets(tree);
    tree.file("sets/file", "");
    CHECK(sets.change({"file"}).err == "runsvchdir: fatal: file: not a directory.\n");
}

TEST_CASE("previous goes back to what was current before")
{
    Tree tree;
    Sets sets(tree);
    REQUIRE(sets.change({"two"}).code == 0);
    CHECK(sets.change({"previous"}).out == "runsvchdir: previous: now current.\n");
    CHECK(sets.everything() == Names{"current -> one", "one", "previous -> two", "two"});
    CHECK(sets.change({"previous/"}).code == 0);
    CHECK(sets.everything() == Names{"current -> two", "one", "previous -> one", "two"});
    // Under any other name too: a link to it would come to mean itself.
    CHECK(sets.change({sets.of("previous")}).code == 0);
    CHECK(sets.everything() == Names{"current -> one", "one", "previous -> two", "two"});
    CHECK(sets.change({"one/../previous"}).code == 0);
    CHECK(sets.everything() == Names{"current -> two", "one", "previous -> one", "two"});
}

TEST_CASE("a way through one of the two links is refused, because they move")
{
    Tree tree;
    Sets sets(tree);
    REQUIRE(sets.change({"two"}).code == 0);
    const auto before = sets.everything();
    CHECK(sets.change({"current/../one"}).code == 111);
    CHECK(sets.change({sets.of("current/../one")}).code == 111);
    CHECK(sets.change({"previous/."}).err ==
          "runsvchdir: fatal: previous/.: must not go by way of current or previous.\n");
    CHECK(sets.everything() == before);
    tree.directory("sets/currently");
    CHECK(sets.change({"currently"}).code == 0);
}

TEST_CASE("where it fails it leaves nothing behind and nothing changed")
{
    Tree tree;
    Sets sets(tree);
    tree.directory("sets/current.new");
    auto before = sets.everything();
    auto refused = sets.change({"two"});
    CHECK(refused.code == 111);
    CHECK(refused.err == "runsvchdir: fatal: unable to unlink: current.new: is a directory\n");
    CHECK(sets.everything() == before);

    tree.remove("sets/current.new");
    tree.directory("sets/previous");
    before = sets.everything();
    refused = sets.change({"two"});
    CHECK(refused.code == 111);
    CHECK(refused.err == "runsvchdir: fatal: unable to copy: current to previous: is a directory\n");
    CHECK(sets.everything() == before);
}

TEST_CASE("without its directory it says so")
{
    Tree tree;
    Sets sets(tree);
    auto spec = sets.spec({"two"});
    spec.environment["RUNSVDIR"] = tree.path("none");
    const auto refused = run(spec);
    CHECK(refused.code == 111);
    CHECK(refused.err == "runsvchdir: fatal: unable to chdir: " + tree.path("none") + ": file does not exist\n");
}

TEST_CASE("without RUNSVDIR, or with an empty one, it works in /etc/runit/runsvdir")
{
    if (!can_mount()) return;
    Tree tree;
    Sets sets(tree);
    for (const char* name : {"two", "one"}) {
        auto spec = sets.spec({name});
        spec.environment.erase("RUNSVDIR");
        if (std::string(name) == "one") spec.environment["RUNSVDIR"] = "";
        CHECK(run(with_link(spec, "/etc", "runit/runsvdir", tree.path("sets"))).code == 0);
        CHECK(sets.text("current") == name);
    }
}

TEST_CASE("a second one at the same time is refused")
{
    Tree tree;
    Sets sets(tree);
    const runsuite::UniqueFd first{::open(tree.path("sets").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    REQUIRE(::flock(first.get(), LOCK_EX) == 0);
    const auto refused = sets.change({"two"});
    CHECK(refused.code == 111);
    CHECK(refused.err == "runsvchdir: fatal: unable to lock: " + tree.path("sets") + ": temporary failure\n");
    CHECK(sets.text("current") == "one");
}

TEST_CASE("a name that would not stay on its line is printed harmless")
{
    Tree tree;
    Sets sets(tree);
    CHECK(sets.change({"a\nb"}).err == "runsvchdir: fatal: a?b: file does not exist\n");
}

TEST_CASE("whoever looks always finds a current directory")
{
    Tree tree;
    Sets sets(tree);
    auto spec = sets.spec({});
    spec.argv = {"sh", "-c",
                 "for i in 1 2 3 4 5 6 7 8 9 10; do for n in two one two one; do runsvchdir $n; done; done"};
    Process changes(spec);
    const std::string current = sets.of("current");
    long missing = 0;
    struct stat about {};
    while (changes.is_running()) missing += ::stat(current.c_str(), &about) < 0;
    CHECK(changes.wait().code == 0);
    CHECK(missing == 0);
    CHECK(sets.text("current") == "one");
}
