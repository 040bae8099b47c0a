#include "posix/fifo.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/catch.hpp"
#include "support/tree.hpp"

using namespace runsuite;

TEST_CASE("a fifo is made with mode 0600, and one that is there already will do")
{
    support::Tree tree;
    const std::string path = tree.path("control");
    REQUIRE(make_fifo(path.c_str(), Whose::Any, "make fifo"));
    REQUIRE(make_fifo(path.c_str(), Whose::Any, "make fifo"));
    struct stat about {};
    REQUIRE(::stat(path.c_str(), &about) == 0);
    CHECK(S_ISFIFO(about.st_mode));
    CHECK((about.st_mode & 07777) == 0600);
}

TEST_CASE("a file or directory in the place of a fifo is an error and stays")
{
    support::Tree tree;
    tree.file("file", "text");
    tree.directory("folder");
    ::symlink("nowhere", tree.path("dangling").c_str());
    for (const char* name : {"file", "folder", "dangling"}) {
        const auto made = make_fifo(tree.path(name).c_str(), Whose::Any, "make fifo");
        REQUIRE_FALSE(made);
        CHECK(made.error().code == EEXIST);
    }
    CHECK(tree.read("file") == "text");
}

TEST_CASE("with both ends open a fifo never ends, however often writers come and go")
{
    support::Tree tree;
    const std::string path = tree.path("control");
    REQUIRE(make_fifo(path.c_str(), Whose::Any, "make fifo"));
    auto both = open_fifo(path.c_str(), O_RDWR, "open fifo");
    REQUIRE(both);
    for (int round = 0; round < 3; ++round) tree.append("control", "u");
    char bytes[8];
    CHECK(::read(both->get(), bytes, sizeof bytes) == 3);
    CHECK(::read(both->get(), bytes, sizeof bytes) == -1);
    CHECK(errno == EAGAIN);
    pollfd watched{both->get(), POLLIN, 0};
    CHECK(::poll(&watched, 1, 0) == 0);
}

TEST_CASE("a fifo can be written as long as somebody reads it")
{
    support::Tree tree;
    const std::string path = tree.path("ok");
    REQUIRE(make_fifo(path.c_str(), Whose::Any, "make fifo"));
    const auto nobody = open_writing_end(path.c_str(), "open ok");
    REQUIRE_FALSE(nobody);
    CHECK(nobody.error().code == ENXIO);
    const auto reader = open_fifo(path.c_str(), O_RDWR, "open ok");
    CHECK(open_writing_end(path.c_str(), "open ok"));
}

TEST_CASE("both ends of a pipe are close-on-exec")
{
    auto pipe = make_pipe("make pipe");
    REQUIRE(pipe);
    CHECK((::fcntl(pipe->reading.get(), F_GETFD) & FD_CLOEXEC) != 0);
    CHECK((::fcntl(pipe->writing.get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("what is looked at in a pipe stays there, as much of it as there is room for")
{
    auto pipe = make_pipe("make a pipe");
    REQUIRE(pipe);
    std::array<char, 4> room;
    CHECK(*peek_fifo(pipe->reading.get(), room, "look") == 0);
    REQUIRE(::write(pipe->writing.get(), "abcdef", 6) == 6);
    for (int look = 0; look < 2; ++look) {
        CHECK(*peek_fifo(pipe->reading.get(), room, "look") == 4);
        CHECK(std::string(room.data(), 4) == "abcd");
    }
    CHECK(*unread_bytes(pipe->reading.get(), "count") == 6);
}
