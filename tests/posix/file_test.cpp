#include "posix/file.hpp"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "posix/child.hpp"
#include "posix/fifo.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/tree.hpp"

using namespace runsuite;

namespace {

Outcome replace(const support::Tree& tree, const std::string& name, std::string_view text)
{
    const std::string path = tree.path(name);
    return replace_file(path.c_str(), (path + ".new").c_str(), text, "write file");
}

}  // namespace

TEST_CASE("every opened file is close-on-exec")
{
    auto file = open_file("/dev/null", O_RDONLY, "open");
    REQUIRE(file);
    CHECK((::fcntl(file->get(), F_GETFD) & FD_CLOEXEC) != 0);
    auto at = open_file_at(AT_FDCWD, "/dev/null", O_RDONLY, "open");
    REQUIRE(at);
    CHECK((::fcntl(at->get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("a file that cannot be opened is an error with what was being done and why")
{
    const auto file = open_file("/does/not/exist", O_RDONLY, "open what is not there");
    REQUIRE_FALSE(file);
    CHECK(std::string(file.error().doing) == "open what is not there");
    CHECK(file.error().code == ENOENT);
}

TEST_CASE("reading goes on until the buffer is full or the file ends")
{
    auto pipe = make_pipe("make pipe");
    REQUIRE(write_all(pipe->writing.get(), "ab", "write"));
    REQUIRE(write_all(pipe->writing.get(), "cd", "write"));
    pipe->writing.close();
    char three[3];
    char rest[8];
    CHECK(*read_all(pipe->reading.get(), three, "read") == 3);
    CHECK(*read_all(pipe->reading.get(), rest, "read") == 1);
    CHECK(*read_all(pipe->reading.get(), rest, "read") == 0);
}

TEST_CASE("reading a directory is an error")
{
    auto directory = open_file("/", O_RDONLY, "open");
    char bytes[8];
    const auto count = read_all(directory->get(), bytes, "read");
    REQUIRE_FALSE(count);
    CHECK(count.error().code == EISDIR);
}

TEST_CASE("two names are exchanged whatever they are of, or both stay as they were")
{
    support::Tree tree;
    tree.directory("one/mark");
    tree.file("other", "text");
    const std::string one = tree.path("one");
    REQUIRE(exchange_names(one.c_str(), tree.path("other").c_str()));
    CHECK(tree.read("one") == "text");
    CHECK(tree.has("other/mark"));
    CHECK_FALSE(exchange_names(one.c_str(), tree.path("nosuch").c_str()));
    CHECK(errno == ENOENT);
    CHECK(tree.read("one") == "text");
}

TEST_CASE("a replaced file has the new bytes, mode 0644, and leaves no scratch file")
{
    support::Tree tree;
    REQUIRE(replace(tree, "status", "one"));
    CHECK(tree.read("status") == "one");
    REQUIRE(replace(tree, "status", ""));
    CHECK(tree.read("status").empty());
    struct stat about {};
    REQUIRE(::stat(tree.path("status").c_str(), &about) == 0);
    CHECK((about.st_mode & 07777) == 0644);
    CHECK_FALSE(tree.has("status.new"));
}

TEST_CASE("a reader that has the old file open goes on to see the old bytes")
{
    support::Tree tree;
    REQUIRE(replace(tree, "status", "old"));
    auto reader = open_file(tree.path("status").c_str(), O_RDONLY, "open");
    REQUIRE(replace(tree, "status", "new one"));
    char bytes[16];
    CHECK(*read_all(reader->get(), bytes, "read") == 3);
    CHECK(tree.read("status") == "new one");
}

TEST_CASE("a scratch file left by a crash is no obstacle")
{
    support::Tree tree;
    tree.file("status.new", "half of something longer");
    REQUIRE(replace(tree, "status", "whole"));
    CHECK(tree.read("status") == "whole");
    CHECK_FALSE(tree.has("status.new"));
}

TEST_CASE("on a full disk the old contents stay, and no scratch file takes room")
{
    if (!child::can_mount()) {
        WARN("no file system can be mounted here");
        return;
    }
    support::Tree tree;
    CHECK(child::holds([&] {
        if (!child::mount_scratch(tree.path(), "size=8k")) return false;
        if (!replace(tree, "status", "old")) return false;
        tree.file("filler", std::string(4096, 'x'));
        const auto failed = replace(tree, "status", "new");
        return !failed && failed.error().code == ENOSPC && tree.read("status") == "old" && !tree.has("status.new");
    }));
}

TEST_CASE("on a read-only disk the old contents stay")
{
    if (!child::can_mount()) {
        WARN("no file system can be mounted here");
        return;
    }
    support::Tree tree;
    CHECK(child::holds([&] {
        if (!child::mount_scratch(tree.path(), "size=64k")) return false;
        if (!replace(tree, "status", "old")) return false;
        ::mount("none", tree.path().c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr);
        const auto failed = replace(tree, "status", "new");
        return !failed && failed.error().code == EROFS && tree.read("status") == "old";
    }));
}

TEST_CASE("when the name is a directory it stays, and no scratch file is left")
{
    support::Tree tree;
    tree.directory("status");
    const auto failed = replace(tree, "status", "new");
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == EISDIR);
    CHECK_FALSE(tree.has("status.new"));
}

TEST_CASE("a lock that is taken is not waited for when it is only tried")
{
    support::Tree tree;
    const std::string path = tree.path("lock");
    {
        auto first = lock_file(path.c_str(), Lock::Try, "open lock", "lock");
        REQUIRE(first);
        const auto second = lock_file(path.c_str(), Lock::Try, "open lock", "lock");
        REQUIRE_FALSE(second);
        CHECK(second.error().code == EWOULDBLOCK);
        CHECK(std::string(second.error().doing) == "lock");
    }
    CHECK(lock_file(path.c_str(), Lock::Try, "open lock", "lock"));
}

TEST_CASE("a lock that is waited for is had when its owner goes")
{
    support::Tree tree;
    const std::string path = tree.path("lock");
    auto first = lock_file(path.c_str(), Lock::Try, "open lock", "lock");
    auto pipe = make_pipe("make pipe");
    const pid_t pid = ::fork();
    if (pid == 0) {
        first->close();
        const bool had = bool(lock_file(path.c_str(), Lock::Wait, "open lock", "lock"));
        ::_exit(had && ::write(pipe->writing.get(), "x", 1) == 1 ? 0 : 1);
    }
    pipe->writing.close();
    CHECK(support::always([&] { return support::is_alive(pid); }, std::chrono::milliseconds(50)));
    first->close();
    char byte[1];
    CHECK(*read_all(pipe->reading.get(), byte, "read") == 1);
}

TEST_CASE("a lock keeps flock(1) out, makes its file with mode 0600 and leaves what is in it")
{
    support::Tree tree;
    tree.file("full", "contents");
    auto lock = lock_file(tree.path("full").c_str(), Lock::Try, "open lock", "lock");
    CHECK(tree.read("full") == "contents");
    auto fresh = lock_file(tree.path("fresh").c_str(), Lock::Try, "open lock", "lock");
    struct stat about {};
    REQUIRE(::stat(tree.path("fresh").c_str(), &about) == 0);
    CHECK((about.st_mode & 07777) == 0600);
    if (::access("/usr/bin/flock", X_OK) < 0) {
        WARN("there is no flock(1)");
        return;
    }
    CHECK(support::run({"flock", "-n", tree.path("full"), "true"}).code == 1);
    lock->close();
    CHECK(support::run({"flock", "-n", tree.path("full"), "true"}).code == 0);
}

TEST_CASE("closed standard descriptors are opened, open ones are left alone")
{
    CHECK(child::holds([] {
        auto pipe = make_pipe("make pipe");
        ::dup2(pipe->writing.get(), 1);
        ::close(0);
        ::close(2);
        open_standard_descriptors();
        struct stat zero {};
        struct stat two {};
        const bool are_null = ::fstat(0, &zero) == 0 && ::fstat(2, &two) == 0 && S_ISCHR(zero.st_mode) &&
                              zero.st_rdev == two.st_rdev;
        return are_null && ::write(0, "x", 1) == 1 && ::write(1, "y", 1) == 1;
    }));
}

TEST_CASE("what a path is, is told apart")
{
    support::Tree tree;
    tree.file("file", "");
    ::symlink("nowhere", tree.path("dangling").c_str());
    ::symlink(".", tree.path("here").c_str());
    CHECK(exists(tree.path("file").c_str()));
    CHECK_FALSE(exists(tree.path("dangling").c_str()));
    CHECK(is_directory(tree.path("here").c_str()));
    CHECK_FALSE(is_directory(tree.path("file").c_str()));
    CHECK(is_readable(tree.path("file").c_str()));
    CHECK_FALSE(is_readable(tree.path("missing").c_str()));
}

TEST_CASE("an open of a fifo without a peer does not wait, whatever it is opened for")
{
    const support::Tree tree;
    const std::string path = tree.path("fifo");
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK(open_file(path.c_str(), O_RDONLY, "open"));
    CHECK(open_file(path.c_str(), O_WRONLY, "open").error().code == ENXIO);
    CHECK(open_plain_file_at(AT_FDCWD, path.c_str(), O_RDONLY, "open").error().code == ENXIO);
}

TEST_CASE("a plain file is one that is reached by no link, has no second name, and is a file")
{
    const support::Tree tree;
    tree.file("file", "text");
    const auto code_of = [&](const std::string& name) {
        const auto opened = open_plain_file_at(AT_FDCWD, tree.path(name).c_str(), O_WRONLY, "open");
        return opened ? 0 : opened.error().code;
    };
    CHECK(code_of("file") == 0);
    REQUIRE(::symlink("file", tree.path("link").c_str()) == 0);
    CHECK(code_of("link") == ELOOP);
    tree.directory("directory");
    CHECK(code_of("directory") == EISDIR);
    REQUIRE(::link(tree.path("file").c_str(), tree.path("second").c_str()) == 0);
    CHECK(code_of("file") == EMLINK);
    CHECK(code_of("second") == EMLINK);
}

TEST_CASE("a new file takes the name from a fifo, a link and a file with a second name, and harms none of them")
{
    const support::Tree tree;
    tree.file("precious", "text");
    const auto create = [&] {
        auto made = create_file_at(AT_FDCWD, tree.path("new").c_str(), "create", 0644);
        REQUIRE(made);
        REQUIRE(write_all(made->get(), "fresh", "write"));
    };
    REQUIRE(::mkfifo(tree.path("new").c_str(), 0600) == 0);
    create();
    REQUIRE(::unlink(tree.path("new").c_str()) == 0);
    REQUIRE(::symlink("precious", tree.path("new").c_str()) == 0);
    create();
    REQUIRE(::unlink(tree.path("new").c_str()) == 0);
    REQUIRE(::link(tree.path("precious").c_str(), tree.path("new").c_str()) == 0);
    create();
    CHECK(tree.read("precious") == "text");
    CHECK(tree.read("new") == "fresh");
}

TEST_CASE("all levels of a directory are made, for us alone, and what keeps one from being made is said")
{
    const support::Tree tree;
    CHECK(make_directories_at(AT_FDCWD, tree.path("a/b/c").c_str(), "make"));
    CHECK(make_directories_at(AT_FDCWD, tree.path("a/b/c").c_str(), "make"));
    CHECK(make_directories_at(AT_FDCWD, tree.path("a//d/").c_str(), "make"));
    CHECK(is_directory(tree.path("a/d").c_str()));
    struct stat about {};
    REQUIRE(::stat(tree.path("a/b").c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0700);
    tree.file("file", "");
    const auto made = make_directories_at(AT_FDCWD, tree.path("file/x/y").c_str(), "make");
    REQUIRE_FALSE(made);
    CHECK(made.error().code == ENOTDIR);
    const auto nowhere = make_directories_at(AT_FDCWD, "/proc/nothing/of/the/kind", "make");
    REQUIRE_FALSE(nowhere);
    CHECK(nowhere.error().code == ENOENT);
}

TEST_CASE("a new file that cannot be written whole leaves nothing behind")
{
    const support::Tree tree;
    const std::string path = tree.path("new");
    CHECK(new_file(path.c_str(), "text", "write"));
    CHECK(tree.read("new") == "text");
    if (::mount("tmpfs", tree.path().c_str(), "tmpfs", 0, "size=4k") != 0) {
        WARN("skipped: no right to mount a tmpfs");
        return;
    }
    const std::string full(8192, 'x');
    const auto written = new_file(path.c_str(), full, "write");
    REQUIRE_FALSE(written);
    CHECK(written.error().code == ENOSPC);
    CHECK(::access(path.c_str(), F_OK) < 0);
    ::umount2(tree.path().c_str(), MNT_DETACH);
}
