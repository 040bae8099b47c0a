// A runsvdir that runs on the link follows runsvchdir.
#include "scenario/runsvchdir_fixture.hpp"
#include "support/services.hpp"

using namespace runsvchdir_test;

namespace {

void serve(const Tree& tree, const std::string& set, const std::string& name)
{
    tree.script("sv/" + name + "/run", stay);
    std::filesystem::create_directory_symlink(tree.path("sv/" + name), tree.path("sets/" + set + "/" + name));
}

bool runs(const Tree& tree, const std::string& name)
{
    return pid_in(tree.path("sv/" + name)) != 0;
}

}  // namespace

TEST_CASE("a set that is no link but current itself is left and comes back, with its services")
{
    Services services;
    const Tree& tree = services.tree;
    Sets sets(tree);
    tree.remove("sets/current");
    tree.directory("sets/current");
    serve(tree, "current", "old");
    serve(tree, "two", "new");
    Process runsvdir(services.spec({sets.of("current")}));
    REQUIRE(eventually([&] { return runs(tree, "old"); }));
    REQUIRE(sets.change({"two"}).code == 0);
    CHECK(eventually([&] { return runs(tree, "new") && !is_supervised(tree.path("sv/old")); }));
    REQUIRE(sets.change({"previous"}).code == 0);
    CHECK(eventually([&] { return runs(tree, "old") && !is_supervised(tree.path("sv/new")); }));
}

TEST_CASE("the services of the new set start and those of the old one end, forth and back", "[shared]")
{
    if (!can_run()) return;
    Services services;
    const Tree& tree = services.tree;
    Sets sets(tree);
    serve(tree, "one", "old");
    serve(tree, "one", "both");
    serve(tree, "two", "new");
    std::filesystem::create_directory_symlink(tree.path("sv/both"), tree.path("sets/two/both"));
    Process runsvdir(services.spec({sets.of("current")}));
    REQUIRE(eventually([&] { return runs(tree, "old") && runs(tree, "both"); }));
    const pid_t both = pid_in(tree.path("sv/both"));

    REQUIRE(sets.change({"two"}).code == 0);
    CHECK(eventually([&] { return runs(tree, "new") && !is_supervised(tree.path("sv/old")); }));
    CHECK(pid_in(tree.path("sv/both")) == both);

    REQUIRE(sets.change({"one"}).code == 0);
    CHECK(eventually([&] { return runs(tree, "old") && !is_supervised(tree.path("sv/new")); }));
    CHECK(pid_in(tree.path("sv/both")) == both);
}
