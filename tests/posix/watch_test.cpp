#include "posix/watch.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/tree.hpp"

using namespace runsuite;

namespace {

struct Watched {
    support::Tree tree;
    Result<Watch> watch = Watch::open();
    int number = -1;

    explicit Watched(Watch::What what = Watch::What::Names)
    {
        REQUIRE(watch);
        auto added = watch->add(tree.path().c_str(), what);
        REQUIRE(added);
        number = *added;
    }

    bool is_ready() const
    {
        Watch& opened = *const_cast<Result<Watch>&>(watch);
        pollfd one{opened.fd(), POLLIN, 0};
        return ::poll(&one, 1, 0) == 1;
    }

    std::vector<std::string> told()
    {
        std::vector<std::string> names;
        watch->each([&](int of, const char* name) {
            CHECK(of == number);
            names.emplace_back(name != nullptr ? name : "(itself)");
        });
        return names;
    }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a name that appears, vanishes or is replaced is told")
{
    Watched watched;
    CHECK_FALSE(watched.is_ready());
    watched.tree.file("a", "");
    CHECK(watched.is_ready());
    CHECK(watched.told() == Names{"a"});
    std::rename(watched.tree.path("a").c_str(), watched.tree.path("b").c_str());
    CHECK(watched.told() == Names{"a", "b"});
    watched.tree.file("c", "");
    CHECK(watched.told() == Names{"c"});
    std::rename(watched.tree.path("b").c_str(), watched.tree.path("c").c_str());
    CHECK(watched.told() == Names{"b", "c"});
    watched.tree.remove("c");
    CHECK(watched.told() == Names{"c"});
    CHECK_FALSE(watched.is_ready());
}

TEST_CASE("a new mode is told only when attributes are asked for")
{
    Watched names;
    names.tree.file("a", "");
    names.watch->drain();
    ::chmod(names.tree.path("a").c_str(), 0600);
    CHECK(names.told().empty());

    Watched both{Watch::What::NamesAndAttributes};
    both.tree.file("a", "", 0644);
    both.watch->drain();
    ::chmod(both.tree.path("a").c_str(), 0600);
    CHECK(both.told() == Names{"a"});
}

TEST_CASE("draining reads off everything and tells whether there was anything")
{
    Watched watched;
    CHECK_FALSE(watched.watch->drain());
    for (int number = 0; number < 200; ++number) watched.tree.file("file" + std::to_string(number), "");
    CHECK(watched.watch->drain());
    CHECK_FALSE(watched.watch->drain());
    CHECK_FALSE(watched.is_ready());
}

TEST_CASE("events of many names come with their names, in order")
{
    Watched watched;
    Names expected;
    for (int number = 0; number < 200; ++number) {
        expected.push_back(std::string(static_cast<std::size_t>(number % 100 + 1), 'n') + std::to_string(number));
        ::close(::creat(watched.tree.path(expected.back()).c_str(), 0600));
    }
    CHECK(watched.told() == expected);
}

TEST_CASE("a directory that is watched twice has one number")
{
    Watched watched;
    CHECK(*watched.watch->add(watched.tree.path().c_str(), Watch::What::Names) == watched.number);
}

TEST_CASE("a directory that vanishes itself is told without a name")
{
    Watched watched;
    watched.tree.directory("inner");
    auto inner = Watch::open();
    REQUIRE(inner->add(watched.tree.path("inner").c_str(), Watch::What::Names));
    watched.tree.remove("inner");
    bool itself = false;
    inner->each([&](int, const char* name) { itself = itself || name == nullptr; });
    CHECK(itself);
}

TEST_CASE("what is no directory cannot be watched")
{
    Watched watched;
    watched.tree.file("file", "");
    CHECK(watched.watch->add(watched.tree.path("file").c_str(), Watch::What::Names).error().code == ENOTDIR);
    CHECK(watched.watch->add(watched.tree.path("none").c_str(), Watch::What::Names).error().code == ENOENT);
}
