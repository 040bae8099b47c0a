// svlogd when the kernel says no: it says so once, holds the input back, loses nothing, and goes on by itself.
#include "fault/svlogd_disk.hpp"
#include "support/strace.hpp"

using namespace support;

TEST_CASE("a full disk holds the input back, is told once, and nothing is lost when there is room again",
          "[bug-12]")
{
    LogTree tree;
    SmallDisk disk{tree, "size=64k"};
    if (!disk.is_mounted) return;
    tree.file("log/config", "s0\n");
    tree.file("log/ballast", std::string(20000, 'b'));
    const auto text = lines(1, 5000, " of a text");
    Running svlogd{tree};
    {
        Writer writer{svlogd, text};
        REQUIRE(eventually([&] { return count(svlogd.process->err(), full) == 1; }));
        CHECK(always([&] { return count(svlogd.process->err(), full) == 1; }, std::chrono::milliseconds(700)));
        tree.remove("log/ballast");
        for (int round = 0; round < 2; ++round) {
            const auto before = tree.current().size();
            CHECK(eventually([&] { return tree.current().size() > before || before >= text.size(); }));
            ::mount("tmpfs", tree.path("log").c_str(), "tmpfs", MS_REMOUNT, "size=1m");
        }
        CHECK(eventually([&] { return tree.current() == text; }));
    }
    CHECK(svlogd.finish().code == 0);
    CHECK(tree.current() == text);
}

TEST_CASE("with N a full disk costs no more than the oldest files that are in the way, and the input goes on")
{
    LogTree tree;
    SmallDisk disk{tree, "size=64k"};
    if (!disk.is_mounted) return;
    tree.file("log/config", "s8000\nn0\n");
    Running blocked{tree};
    tree.file("log/config", "s8000\nn20\nN2\n");
    blocked.process->signal(SIGHUP);
    const auto text = lines(1, 20000, " of a text");
    {
        Writer writer{blocked, text};
    }
    CHECK(blocked.finish().code == 0);
    const auto kept = tree.everything();
    CHECK(kept.size() > 5 * 8000);  // of 64k
    CHECK((text.substr(text.size() - kept.size()) == kept));
}

TEST_CASE("N old files are kept on a full disk, which then holds the input back")
{
    LogTree tree;
    const SmallDisk disk{tree, "size=24k"};
    if (!disk.is_mounted) return;
    tree.file("log/config", "s4100\nn20\nN5\n");
    Running svlogd{tree, {"-l", "100", "-b", "200"}};
    {
        const Writer writer{svlogd, lines(1, 4000)};
        REQUIRE(eventually([&] { return count(svlogd.process->err(), full) == 1; }));
        CHECK(tree.old_files().size() == 5);
        disk.resize("size=1m");
    }
    CHECK(svlogd.finish().code == 0);
    const auto kept = tree.everything();
    CHECK((lines(1, 4000).substr(lines(1, 4000).size() - kept.size()) == kept));
}

TEST_CASE("N also makes room for the name of a new current")
{
    LogTree tree;
    SmallDisk disk{tree, "size=1m,nr_inodes=9"};
    if (!disk.is_mounted) return;
    tree.file("log/config", "s2100\nn20\nN2\n");
    Running svlogd{tree, {"-l", "100", "-b", "200"}};
    const auto text = lines(1, 4000);
    {
        Writer writer{svlogd, text};
    }
    CHECK(svlogd.finish().code == 0);
    const auto kept = tree.everything();
    CHECK(kept.size() > 4 * 2000);  // in the five files beside itself, lock, config and current
    CHECK((text.substr(text.size() - kept.size()) == kept));
}

TEST_CASE("a file system without room for another file name holds the rotation back, not for ever")
{
    LogTree tree;
    SmallDisk disk{tree, "size=1m,nr_inodes=5"};
    if (!disk.is_mounted) return;
    tree.file("log/config", "s2100\nn0\n");
    Running svlogd{tree, {"-l", "100", "-b", "200"}};
    const auto text = lines(1, 1000);
    {
        Writer writer{svlogd, text};
        REQUIRE(eventually([&] { return count(svlogd.process->err(), "unable to open current: ") == 1; }));
        ::mount("tmpfs", tree.path("log").c_str(), "tmpfs", MS_REMOUNT, "nr_inodes=100");
    }
    CHECK(svlogd.finish().code == 0);
    CHECK(tree.everything() == text);
}

TEST_CASE("a file system that becomes read-only holds the input back until it is writable")
{
    LogTree tree;
    SmallDisk disk{tree, "size=1m"};
    if (!disk.is_mounted) return;
    tree.file("log/config", "s2100\nn0\n");
    Running svlogd{tree, {"-l", "100", "-b", "200"}};
    svlogd.write("first\n");
    REQUIRE(eventually([&] { return tree.current() == "first\n"; }));
    // The file in use keeps a file system writable: only new names are refused.
    svlogd.process->signal(SIGALRM);
    REQUIRE(eventually([&] { return tree.old_files().size() == 1; }));
    svlogd.write(lines(1, 1000));
    CHECK(svlogd.finish().code == 0);
    CHECK(tree.everything() == "first\n" + lines(1, 1000));
}

TEST_CASE("errors of write are survived, whatever they are, and no byte is lost or doubled")
{
    if (!has_strace()) return;
    for (const std::string error : {"EIO", "ENOSPC", "EDQUOT", "EFBIG", "EINTR"}) {
        LogTree tree{"s0\n"};
        tree.file("input", lines(1, 3000));
        const auto finished =
            run(with_failing(tree.spec({"-b", "2000"}, "input"), "write", "error=" + error + ":when=1..3"));
        CHECK(finished.code == 0);
        CHECK(tree.current() == lines(1, 3000));
    }
}

TEST_CASE("a limit to the size of files ends no svlogd, and is a reason to rotate, also in the midst of a line")
{
    LogTree tree{"s0\n"};
    tree.file("input", lines(1, 4000));
    auto spec = tree.spec({}, "input");
    spec.argv.insert(spec.argv.begin(), {"sh", "-c", "ulimit -f 16; exec \"$@\"", "sh"});
    const auto finished = run(spec);
    CHECK(finished.code == 0);
    CHECK(finished.err.empty());
    CHECK(tree.old_files().size() > 1);
    CHECK(tree.everything() == lines(1, 4000));
}

// strace on a running one, so that no call of its start is counted.
StartSpec failing_now(const Running& svlogd, const std::string& calls, const std::string& how)
{
    StartSpec spec;
    spec.argv = {"strace", "-qq",
                 "-o",     "/dev/null",
                 "-e",     "signal=none",
                 "-e",     "trace=" + calls,
                 "-e",     "inject=" + calls + ":" + how,
                 "-p",     std::to_string(svlogd.process->pid())};
    return spec;
}

bool is_traced(const Running& svlogd)
{
    return eventually([&] { return proc_field(svlogd.process->pid(), "TracerPid") != "0"; });
}

TEST_CASE("an error of read is told once and tried again")
{
    if (!has_strace()) return;
    LogTree tree{"s0\n"};
    Running svlogd{tree};
    Process tracer{failing_now(svlogd, "read", "error=EIO:when=1..2")};
    REQUIRE(is_traced(svlogd));
    svlogd.write("one\n");
    CHECK(eventually([&] { return tree.current() == "one\n"; }));
    CHECK(count(svlogd.process->err(), "unable to read standard input") == 1);
}

TEST_CASE("TERM leaves what is ready to be read at that moment in the pipe, the half of a line too", "[bug-1]")
{
    if (!has_strace()) return;
    for (const std::string config : {"s0\n", "-no\n"}) {
        LogTree tree{config};
        Running svlogd{tree};
        const int pipe = ::open(tree.path("fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        Process tracer{failing_now(svlogd, "write", "delay_exit=1000000:when=1")};
        REQUIRE(is_traced(svlogd));
        svlogd.write("one\n");
        REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
        svlogd.write("two\nhalf");
        svlogd.process->signal(SIGTERM);
        CHECK(svlogd.process->wait().code == 0);
        CHECK(tree.current() == "one\n");
        char rest[64] = {};
        CHECK(::read(pipe, rest, sizeof rest) == 8);
        ::close(pipe);
        CHECK(std::string(rest) == "two\nhalf");
    }
}

TEST_CASE("a rotation that fails at any step is finished later, with nothing lost")
{
    if (!has_strace()) return;
    const std::pair<const char*, const char*> steps[] = {{"renameat,renameat2", "error=EIO:when=1"},
                                                         {"fchmod", "error=EIO:when=1"},
                                                         {"fchmod", "error=EIO:when=2"},
                                                         {"openat", "error=EMFILE:when=1..3"},
                                                         {"newfstatat", "error=EIO:when=1..4"},
                                                         {"getdents64", "error=EIO:when=1..3"}};
    for (const auto& [calls, how] : steps) {
        INFO(calls << " " << how);
        LogTree tree{"s2100\nn0\n"};
        Running svlogd{tree, {"-l", "100", "-b", "200"}};
        Process tracer{failing_now(svlogd, calls, how)};
        REQUIRE(is_traced(svlogd));
        svlogd.write(lines(1, 1000));
        CHECK(svlogd.finish().code == 0);
        CHECK(tree.everything() == lines(1, 1000));
    }
}

TEST_CASE("N also makes room for the new name of a full current")
{
    if (!has_strace()) return;
    LogTree tree{"s2100\nn20\nN2\n"};
    for (const char number : {'0', '1', '2'}) {
        tree.file(std::string("log/@40000000600000000000001") + number + ".s", "old\n", 0744);
    }
    Running svlogd{tree, {"-l", "100", "-b", "200"}};
    Process tracer{failing_now(svlogd, "renameat,renameat2", "error=ENOSPC:when=1")};
    REQUIRE(is_traced(svlogd));
    svlogd.write(lines(1, 240));
    const auto finished = svlogd.finish();
    CHECK(finished.code == 0);
    CHECK(count(finished.err, "out of disk space, old log files deleted") == 1);
    CHECK(count(finished.err, "unable to") == 0);
    CHECK(tree.everything() == "old\nold\n" + lines(1, 240));
}

TEST_CASE("a processor that cannot be started is tried again later, and the reader goes on")
{
    if (!has_strace()) return;
    LogTree tree{"s2100\nn0\n!cat\n"};
    auto spec = with_failing(tree.spec({"-l", "100", "-b", "200"}, "fifo"), "vfork", "error=EAGAIN:when=1");
    Running svlogd{tree, spec};
    svlogd.write(lines(1, 400));
    REQUIRE(eventually([&] { return svlogd.process->err().find("unable to fork") != std::string::npos; }));
    svlogd.write("more\n");
    CHECK(eventually([&] { return tree.current().find("more\n") != std::string::npos; }));
    CHECK(eventually([&] { return tree.old_files().size() == 1 && tree.old_files()[0].substr(25) == ".s"; }));
}

TEST_CASE("the name of a udp host that no process can be had for is looked up later, and the reader goes on")
{
    if (!has_strace()) return;
    LogTree tree{"Ulocalhost:9\n"};
    Running svlogd{tree, with_failing(tree.spec({}, "fifo"), "clone,clone3", "error=EAGAIN:when=1")};
    svlogd.write("one\n");
    CHECK(eventually([&] { return tree.current() == "one\n"; }));
    const auto& said = svlogd.process->err();
    CHECK(said == "svlogd: warning: unable to find udp address: localhost: temporary failure\n");
    const auto pid = svlogd.process->pid();
    const auto before = descriptors_of(pid).size();
    // As soon as the address is known there is a socket.
    CHECK(eventually([&] { return descriptors_of(pid).size() == before + 1 && children_of(pid).empty(); }));
    svlogd.write("two\n");
    CHECK(svlogd.finish().err == said);
    CHECK(tree.current() == "one\n");
}

TEST_CASE("HUP locks its directory again although a child that was just made still has the lock")
{
    if (!has_strace()) return;
    LogTree tree{"ulogs.example:9\n"};
    auto spec = with_failing(tree.spec({}, "fifo"), "close_range", "delay_enter=2000000");
    spec.argv.insert(spec.argv.begin() + 1, "-f");
    Running svlogd{tree, spec};
    const auto pid = svlogd.process->pid();
    REQUIRE(eventually([&] { return children_of(pid).size() == 1; }));
    REQUIRE(descriptors_of(children_of(pid)[0]).size() > 2);
    tree.file("log/config", "pP: \n");
    svlogd.process->signal(SIGHUP);
    svlogd.write("one\n");
    CHECK(eventually([&] { return tree.current() == "P: one\n"; }));
    CHECK(count(svlogd.finish().err, "svlogd: ") == 0);
}

TEST_CASE("current taken away by somebody is made again")
{
    LogTree tree{"s0\n"};
    Running svlogd{tree};
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
    tree.remove("log/current");
    svlogd.process->signal(SIGALRM);
    REQUIRE(eventually([&] { return tree.has("log/current"); }));
    svlogd.write("two\n");
    CHECK(eventually([&] { return tree.current() == "two\n"; }));
    CHECK(svlogd.finish().code == 0);
}

TEST_CASE("a current that is a directory is told, waited for, and no loop")
{
    LogTree tree;
    tree.directory("log/current");
    ::mkfifo(tree.path("fifo").c_str(), 0600);
    Process svlogd{tree.spec({}, "fifo")};
    const int end = ::open(tree.path("fifo").c_str(), O_WRONLY | O_CLOEXEC);
    REQUIRE(::write(end, "one\n", 4) == 4);
    const std::string told = "svlogd: warning: unable to open current: " + tree.path("log") + ": is a directory\n";
    REQUIRE(eventually([&] { return svlogd.err() == told; }));
    CHECK(always([&] { return svlogd.err() == told; }, std::chrono::milliseconds(500)));
    tree.remove("log/current");
    CHECK(eventually([&] { return tree.current() == "one\n"; }));
    ::close(end);
    CHECK(svlogd.wait().code == 0);
}
