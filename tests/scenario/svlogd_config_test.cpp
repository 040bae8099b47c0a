// config files: what is wrong with them, and settings beyond the reference's.
#include "scenario/svlogd_fixture.hpp"

using namespace support;

TEST_CASE("what is wrong in config is said by file and line, and the defaults hold", "[bug-8]")
{
    LogTree tree{"n3\ns 1000\nzap\nt1x\n"};
    const auto finished = tree.log("one\n");
    const std::string start = "svlogd: warning: " + tree.path("log/config") + ": line ";
    CHECK(finished.err.find(start + "2: ") != std::string::npos);
    CHECK(finished.err.find(start + "3: ") != std::string::npos);
    CHECK(finished.err.find(start + "4: ") != std::string::npos);
    CHECK(finished.err.find(start + "1: ") == std::string::npos);
    CHECK(tree.current() == "one\n");
}

TEST_CASE("an s below the line length does not cut lines to pieces", "[bug-7]")
{
    LogTree tree{"s20\nn0\n"};
    const auto text = lines(1, 500);
    const auto finished = tree.log(text, {"-l", "100", "-b", "200"});
    CHECK(finished.err.find("line 1: ") != std::string::npos);
    CHECK(tree.everything() == text);
    for (const auto& name : tree.old_files()) CHECK(tree.read("log/" + name).back() == '\n');
}

TEST_CASE("a config that cannot be read keeps the settings that were there", "[bug-15]")
{
    LogTree tree{"-drop*\n"};
    Running svlogd{tree};
    tree.remove("log/config");
    tree.directory("log/config");
    svlogd.process->signal(SIGHUP);
    REQUIRE(eventually([&] {
        return svlogd.process->err() ==
               "svlogd: warning: unable to read config: " + tree.path("log") + ": is a directory\n";
    }));
    svlogd.write("drop this\nkeep this\n");
    CHECK(eventually([&] { return tree.current() == "keep this\n"; }));
}

TEST_CASE("a config that cannot be read at the start leaves the options in force")
{
    LogTree tree;
    tree.directory("log/config");
    const auto finished = tree.log("one\n", {"-tt"});
    CHECK(finished.err == "svlogd: warning: unable to read config: " + tree.path("log") + ": is a directory\n");
    CHECK(tree.current().size() == 26 + 4);
}

TEST_CASE(
    "a line length above the default size does not cut every line to a file of its own, with or without config")
{
    for (const std::string config : {"", "n5\n", "unreadable"}) {
        LogTree tree{config == "unreadable" ? "" : config};
        if (config == "unreadable") tree.directory("log/config");
        const auto finished = tree.log("one\ntwo\nthree\n", {"-l", "1000000", "-b", "1000001"});
        CHECK(finished.err.find("line") == std::string::npos);
        CHECK(tree.current() == "one\ntwo\nthree\n");
        CHECK(tree.old_files().empty());
    }
}

TEST_CASE("an owner that is not there is told by its name, and the files keep ours")
{
    LogTree tree{"o1234:no-such-group\n"};
    const auto finished = tree.log("one\n");
    CHECK(finished.err == "svlogd: warning: unable to find group of log files: 1234:no-such-group\n");
    struct stat about {};
    REQUIRE(::stat(tree.path("log/current").c_str(), &about) == 0);
    CHECK(about.st_uid == ::geteuid());
}

TEST_CASE("with U and a host that is not there, which is told, the lines are in the log")
{
    LogTree tree{"Uno-such-host.invalid\n"};
    const auto finished = tree.log("one\n");
    CHECK(finished.err.find("svlogd: warning: unable to find udp address: no-such-host.invalid: ") == 0);
    CHECK(tree.current() == "one\n");
}

TEST_CASE("a config of garbage is complained about and hurts nothing")
{
    std::string garbage;
    for (int byte = 0; byte < 20000; ++byte) garbage += static_cast<char>(byte * 7919 >> 3);
    LogTree tree{garbage};
    CHECK(tree.log("one\n").code == 0);
}

TEST_CASE("m and o set mode and owner of new files, the mark of a complete file stays")
{
    LogTree tree{"m0600\no1234:5678\ns2100\n"};
    tree.log(lines(1, 300), {"-l", "100", "-b", "200"});
    CHECK(tree.mode_of("log/current") == 0700);
    REQUIRE_FALSE(tree.old_files().empty());
    CHECK(tree.mode_of("log/" + tree.old_files()[0]) == 0700);
    struct stat about {};
    ::stat(tree.path("log/current").c_str(), &about);
    if (::geteuid() == 0) {
        CHECK(about.st_uid == 1234);
        CHECK(about.st_gid == 5678);
    }
}

TEST_CASE("with --create it makes a directory that is missing")
{
    LogTree tree;
    tree.file("input", "one\n");
    CHECK(run(tree.spec({"--create"}, "input", "new")).code == 0);
    CHECK(tree.read("new/current") == "one\n");
}

TEST_CASE("a directory written by one is opened by the other, mid-life")
{
    const std::string reference = "/usr/bin/svlogd";
    if (::access(reference.c_str(), X_OK) != 0) return;
    LogTree tree{"s2100\nn0\n!cat\n"};
    std::string expected;
    for (int turn = 0; turn < 6; ++turn) {
        const auto text = lines(turn * 150, turn * 150 + 149);
        tree.file("input", text);
        auto spec = tree.spec({"-l", "100", "-b", "200"}, "input");
        spec.argv[0] = turn % 2 == 0 ? ours("svlogd") : reference;
        CHECK(run(spec).code == 0);
        expected += text;
    }
    CHECK(tree.everything() == expected);
    for (const auto& name : tree.old_files()) CHECK(name.substr(25) == ".s");
}
