// Whatever call fails, runsvchdir has changed nothing: one line says why.
#include <algorithm>

#include "scenario/runsvchdir_fixture.hpp"
#include "support/strace.hpp"

using namespace runsvchdir_test;

namespace {

// A sanitizer cannot look for leaks under strace.
StartSpec change(const Sets& sets, const std::string& directory)
{
    auto spec = sets.spec({directory});
    spec.environment["ASAN_OPTIONS"] = "detect_leaks=0";
    return spec;
}

// Fails the first call of the kind, then only the second one, and so on, until there is no such call any more.
int fail_each(const Sets& sets, const std::string& calls)
{
    const auto before = sets.everything();
    for (int when = 1;; ++when) {
        INFO(calls << " number " << when);
        const auto changed =
            run(with_failing(change(sets, "two"), calls, "error=EIO:when=" + std::to_string(when)));
        if (changed.code == 0) return when - 1;
        REQUIRE(changed.code == 111);
        REQUIRE(changed.out.empty());
        REQUIRE(changed.err.find("runsvchdir: fatal: unable to ") == 0);
        REQUIRE(std::count(changed.err.begin(), changed.err.end(), '\n') == 1);
        REQUIRE(sets.everything() == before);
    }
}

}  // namespace

TEST_CASE("a call that fails leaves both links as they were")
{
    if (!has_strace()) return;
    for (const char* calls : {"/^rename", "/^symlink", "/^chdir", "/^flock"}) {
        Tree tree;
        Sets sets(tree);
        sets.link("elsewhere", "previous");
        CHECK(fail_each(sets, calls) >= 1);
    }
}

TEST_CASE("a current that is a directory stays one when a call fails")
{
    if (!has_strace()) return;
    Tree tree;
    Sets sets(tree);
    tree.remove("sets/current");
    tree.directory("sets/current/mark");
    sets.link("elsewhere", "previous");
    CHECK(fail_each(sets, "/^rename") == 2);
    CHECK(tree.has("sets/previous/mark"));
}

TEST_CASE("a directory that is previous comes back or stays, whatever call fails")
{
    if (!has_strace()) return;
    Tree tree;
    Sets sets(tree);
    tree.directory("sets/previous/mark");
    const auto before = sets.everything();
    auto spec = with_failing(change(sets, "previous"), "renameat2", "error=EIO");
    auto changed = run(spec);
    CHECK(changed.code == 111);
    CHECK(changed.err == "runsvchdir: fatal: unable to move: previous to current: input/output error\n");
    CHECK(sets.everything() == before);

    // Where names cannot be exchanged in one step, there are three.
    for (const int when : {1, 2, 3}) {
        spec = with_failing(change(sets, "previous"), "renameat2", "error=ENOSYS");
        const std::string failing = "inject=/^rename(at)?$:error=EIO:when=" + std::to_string(when);
        spec.argv.insert(std::find(spec.argv.begin(), spec.argv.end(), "trace=renameat2") + 1,
                         {"-e", "trace=/^rename", "-e", failing});
        changed = run(spec);
        CHECK(changed.code == 111);
        CHECK(changed.err == "runsvchdir: fatal: unable to move: previous to current: input/output error\n");
        CHECK(sets.everything() == before);
    }
    CHECK(run(with_failing(change(sets, "previous"), "renameat2", "error=EINVAL")).code == 0);
    CHECK(tree.has("sets/current/mark"));
    CHECK(sets.text("previous") == "one");
}

TEST_CASE("a link that cannot be removed is told of")
{
    if (!has_strace()) return;
    Tree tree;
    Sets sets(tree);
    sets.link("nowhere", "current.new");
    const auto changed = run(with_failing(change(sets, "two"), "/^unlink", "error=EIO:when=1"));
    CHECK(changed.code == 111);
    CHECK(changed.err == "runsvchdir: fatal: unable to unlink: current.new: input/output error\n");
    CHECK(sets.text("current") == "one");
}
