// A log directory that goes away under a running svlogd, and one that comes in its place.
#include "fault/svlogd_disk.hpp"

using namespace support;

namespace {

const std::string noticed =
    "svlogd: warning: log directory was removed or replaced, its path is looked up again: ";

void rotate(const Running& svlogd)
{
    svlogd.process->signal(SIGALRM);
}

}  // namespace

TEST_CASE("a log directory that is removed and made again is used from the next rotation on, without a HUP")
{
    for (const std::string config : {"s0\n", "s0\nddrop\n", "s0\n!cat\n"}) {
        INFO(config);
        LogTree tree{config};
        Running svlogd{tree};
        svlogd.write("one\n");
        REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
        tree.remove("log");
        tree.directory("log");
        rotate(svlogd);
        REQUIRE(eventually([&] { return tree.has("log/current"); }));
        svlogd.write("two\n");
        CHECK(eventually([&] { return tree.current() == "two\n"; }));
        CHECK(tree.has("log/lock"));
        CHECK(svlogd.finish().code == 0);
        CHECK(svlogd.process->err() == noticed + tree.path("log") + "\n");
    }
}

TEST_CASE(
    "while a removed log directory is missing lines wait, it is told once, and none is lost when there is one "
    "again")
{
    LogTree tree{"s2100\n"};
    Running svlogd{tree, {"-l", "100", "-b", "200"}};
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
    tree.remove("log");
    rotate(svlogd);
    const auto told = noticed + tree.path("log") + "\n";
    REQUIRE(eventually([&] { return svlogd.process->err() == told; }));
    const auto text = lines(1, 20000, " of a text");
    {
        Writer writer{svlogd, text};
        CHECK(always([&] { return svlogd.process->err() == told; }, std::chrono::milliseconds(300)));
        tree.file("log/config", "s0\npP \n");
        REQUIRE(eventually([&] { return tree.has("log/current"); }));
    }
    CHECK(svlogd.finish().code == 0);
    std::string without_prefix;
    const auto all = tree.everything();
    for (std::size_t at = 0; at < all.size();) {
        const auto end = all.find('\n', at) + 1;
        const auto line = all.substr(at, end - at);
        without_prefix += line.rfind("P ", 0) == 0 ? line.substr(2) : line;
        at = end;
    }
    CHECK((without_prefix == text));
}

TEST_CASE(
    "with d, drop, a log directory that is missing holds nobody up, and what it costs is counted when there is "
    "one")
{
    LogTree tree{"s0\nddrop\n"};
    Running svlogd{tree};
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
    tree.remove("log");
    rotate(svlogd);
    REQUIRE(eventually([&] { return !svlogd.process->err().empty(); }));
    {
        Writer writer{svlogd, lines(1, 100000)};  // more than pipe and memory hold
    }
    tree.directory("log");
    CHECK(eventually(
        [&] { return tree.current().find("lines lost while nothing could be written: 1") != std::string::npos; }));
    svlogd.write("and on\n");
    CHECK(eventually([&] { return tree.current().ends_with("\nand on\n"); }));
}

TEST_CASE(
    "a file system that is mounted on the log directory, and one that goes, is noticed by the lines that follow")
{
    LogTree tree{"s0\n"};
    Running svlogd{tree};
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
    int number = 0;
    const auto arrives = [&](const char* where) {
        return eventually([&] {
            const auto line = "line " + std::to_string(++number) + " " + where + "\n";
            svlogd.write(line);
            ::usleep(20000);
            return tree.current().find(line) != std::string::npos;
        });
    };
    {
        const SmallDisk disk{tree, "size=1m"};
        if (!disk.is_mounted) return;
        CHECK(arrives("mounted"));
    }
    CHECK(arrives("below"));
    CHECK(tree.current().find("mounted") != tree.current().find("below"));
    CHECK(count(svlogd.process->err(), noticed) == 2);
}

TEST_CASE(
    "a directory in the place of the old one that another svlogd has locked is told once, and used when it is "
    "free")
{
    LogTree tree{"s0\n"};
    Running svlogd{tree};
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
    tree.directory("new");
    ::mkfifo(tree.path("other").c_str(), 0600);
    auto other = std::make_unique<Process>(tree.spec({}, "other", "new"));
    const int end = ::open(tree.path("other").c_str(), O_WRONLY | O_CLOEXEC);
    REQUIRE(eventually([&] { return tree.has("new/current"); }));
    tree.remove("log");
    std::filesystem::rename(tree.path("new"), tree.path("log"));
    rotate(svlogd);
    svlogd.write("two\n");
    const auto told = noticed + tree.path("log") +
                      "\nsvlogd: warning: unable to lock directory: " + tree.path("log") + ": temporary failure\n";
    REQUIRE(eventually([&] { return svlogd.process->err() == told; }));
    CHECK(always([&] { return svlogd.process->err() == told; }, std::chrono::milliseconds(500)));
    ::close(end);
    other->wait();
    CHECK(eventually([&] { return tree.current() == "two\n"; }));
}

TEST_CASE("a log directory that has merely another name by now is used on")
{
    LogTree tree{"s0\n"};
    Running svlogd{tree};
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
    std::filesystem::rename(tree.path("log"), tree.path("away"));
    rotate(svlogd);
    REQUIRE(eventually([&] { return tree.old_files("away").size() == 1; }));
    svlogd.write("two\n");
    CHECK(eventually([&] { return tree.read("away/current") == "two\n"; }));
    CHECK(svlogd.finish().err.empty());
}

TEST_CASE(
    "a limit of 0 to the size of files is trouble of the disk: it ends no svlogd, and with d, drop, holds nobody "
    "up")
{
    for (const std::string config : {"s0\n", "s0\nddrop\n"}) {
        INFO(config);
        LogTree tree{config};
        auto spec = tree.spec({}, "fifo");
        spec.argv.insert(spec.argv.begin(), {"sh", "-c", "(ulimit -f 0; exec \"$@\") 2>&1 | cat >&2", "sh"});
        Running svlogd{tree, spec};
        if (config == "s0\n") {
            svlogd.write("one\n");
            REQUIRE(
                eventually([&] { return svlogd.process->err().find(": file too big\n") != std::string::npos; }));
            CHECK(always([&] { return svlogd.process->is_running(); }, std::chrono::milliseconds(200)));
        } else {
            const Writer writer{svlogd, lines(1, 100000)};
        }
        CHECK(count(svlogd.process->err(), "unable to write to current: ") == 1);
    }
}

TEST_CASE("a processor ends by a limit to the size of files as it would anywhere else")
{
    LogTree tree{
        "s0\n!trap '' TERM; grep ^SigCgt /proc/self/status >&2; grep ^SigIgn /proc/self/status >&2; cat\n"};
    Running svlogd{tree};
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
    rotate(svlogd);
    REQUIRE(eventually([&] { return svlogd.process->err().find("SigIgn") != std::string::npos; }));
    const auto err = svlogd.process->err();
    const auto ignored = std::stoull(err.substr(err.find("SigIgn:") + 8, 16), nullptr, 16);
    CHECK((ignored & 1ULL << (SIGXFSZ - 1)) == 0);
}
