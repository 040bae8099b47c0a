#include "posix/directory.hpp"

#include <fcntl.h>

#include <set>
#include <string>

#include "support/catch.hpp"
#include "support/tree.hpp"

using namespace runsuite;

TEST_CASE("a directory tells every name in it, then nothing")
{
    support::Tree tree;
    tree.file("a", "");
    tree.file("with\nnewline", "");
    tree.directory(".hidden");
    auto directory = Directory::open(tree.path().c_str(), "open directory");
    REQUIRE(directory);
    std::set<std::string> names;
    for (;;) {
        auto name = directory->next("read directory");
        REQUIRE(name);
        if (*name == nullptr) break;
        names.insert(*name);
    }
    CHECK(names == std::set<std::string>{".", "..", ".hidden", "a", "with\nnewline"});
    CHECK((::fcntl(directory->fd(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("a directory that is missing or none is an error")
{
    support::Tree tree;
    tree.file("file", "");
    CHECK(Directory::open(tree.path("missing").c_str(), "open directory").error().code == ENOENT);
    CHECK(Directory::open(tree.path("file").c_str(), "open directory").error().code == ENOTDIR);
}

TEST_CASE("a directory that was moved from needs no closing")
{
    support::Tree tree;
    auto first = Directory::open(tree.path().c_str(), "open directory");
    Directory second = std::move(*first);
    const int fd = second.fd();
    CHECK(::fcntl(fd, F_GETFD) >= 0);
    second = Directory{};
}
