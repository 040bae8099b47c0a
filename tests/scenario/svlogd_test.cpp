#include "scenario/svlogd_fixture.hpp"
#include "support/full_pipe.hpp"

using namespace support;

TEST_CASE("what comes in is in current, which is complete at the end", "[shared]")
{
    LogTree tree;
    const auto finished = tree.log("one\ntwo\n\nthree\n");
    CHECK(finished.code == 0);
    CHECK(finished.err.empty());
    CHECK(tree.current() == "one\ntwo\n\nthree\n");
    CHECK(tree.mode_of("log/current") == 0744);
    CHECK(tree.mode_of("log/lock") == 0600);
}

TEST_CASE("a complete current is appended to", "[shared]")
{
    LogTree tree;
    tree.log("one\n");
    tree.log("two\n");
    CHECK(tree.current() == "one\ntwo\n");
    CHECK(tree.old_files().empty());
}

TEST_CASE("a current that is not complete was left by a crash and is put aside as .u", "[shared]")
{
    LogTree tree;
    tree.file("log/current", "crashed\n", 0644);
    tree.log("two\n");
    CHECK(tree.current() == "two\n");
    REQUIRE(tree.old_files().size() == 1);
    CHECK(tree.old_files()[0].substr(25) == ".u");
    CHECK(tree.read("log/" + tree.old_files()[0]) == "crashed\n");
}

TEST_CASE("an empty current without the bit is just used", "[shared]")
{
    LogTree tree;
    tree.file("log/current", "", 0644);
    tree.log("two\n");
    CHECK(tree.current() == "two\n");
    CHECK(tree.old_files().empty());
}

TEST_CASE("a line is in current as soon as the pipe is empty", "[shared]")
{
    LogTree tree;
    Running svlogd{tree};
    for (int round = 0; round < 20; ++round) {
        svlogd.write("now\n");
        const auto size = static_cast<std::size_t>(4 * (round + 1));
        REQUIRE(eventually([&] { return tree.current().size() == size; }));
    }
    CHECK(tree.mode_of("log/current") == 0644);
    CHECK(svlogd.finish().code == 0);
}

TEST_CASE("an unfinished line at the end of input is kept, and ended", "[bug-2]")
{
    LogTree tree;
    tree.log("one\ntw");
    tree.log("three\n");
    CHECK(tree.current() == "one\ntw\nthree\n");
}

TEST_CASE("an unfinished line is written before the program waits")
{
    LogTree tree;
    Running svlogd{tree};
    svlogd.write("prompt: ");
    CHECK(eventually([&] { return tree.current() == "prompt: "; }));
    svlogd.write("answer\n");
    CHECK(eventually([&] { return tree.current() == "prompt: answer\n"; }));
}

TEST_CASE("current is rotated after the line that leaves less than the line length", "[shared]")
{
    LogTree tree{"s2100\nn0\n"};
    const auto text = lines(1, 1000);
    tree.log(text, {"-l", "100", "-b", "200"});
    CHECK(tree.everything() == text);
    const auto files = tree.old_files();
    REQUIRE(files.size() == 4);
    for (const auto& name : files) {
        const auto bytes = tree.read("log/" + name);
        CHECK(bytes.size() >= 2000);
        CHECK(bytes.size() < 2020);
        CHECK(bytes.back() == '\n');
        CHECK(tree.mode_of("log/" + name) == 0744);
    }
}

TEST_CASE("a line that does not fit is cut at the size", "[shared]")
{
    LogTree tree{"s2100\nn0\n"};
    const auto text = std::string(10000, 'x') + "\nnext\n";
    tree.log(text, {"-l", "100", "-b", "200"});
    CHECK(tree.everything() == text);
    REQUIRE(tree.old_files().size() == 4);
    for (const auto& name : tree.old_files()) CHECK(tree.read("log/" + name).size() == 2100);
}

TEST_CASE("no more than n old files are kept, the oldest go", "[shared]")
{
    LogTree tree{"s2100\nn3\n"};
    const auto text = lines(1, 2000);
    tree.log(text, {"-l", "100", "-b", "200"});
    CHECK(tree.old_files().size() == 3);
    const auto kept = tree.everything();
    CHECK(text.substr(text.size() - kept.size()) == kept);
}

TEST_CASE("a lowered n takes effect at the next rotation", "[bug-13]")
{
    LogTree tree{"s2100\nn3\n"};
    for (int number = 10; number < 60; ++number) {
        tree.file("log/@4000000060000000000000" + std::to_string(number) + ".s", "old\n", 0744);
    }
    tree.log(lines(1, 400), {"-l", "100", "-b", "200"});
    CHECK(tree.old_files().size() == 3);
}

TEST_CASE("scratch files of a processor are removed at a rotation, other names are let alone", "[shared]")
{
    LogTree tree{"s2100\nn3\n"};
    tree.file("log/@400000006000000000000010.t", "scratch\n");
    tree.file("log/@short.s", "other\n");
    tree.file("log/notes", "other\n");
    tree.log(lines(1, 400), {"-l", "100", "-b", "200"});
    CHECK_FALSE(tree.has("log/@400000006000000000000010.t"));
    CHECK(tree.has("log/@short.s"));
    CHECK(tree.has("log/notes"));
}

TEST_CASE("ALRM rotates a current that is not empty, and only such a one", "[shared]")
{
    LogTree tree;
    Running svlogd{tree, {"-v"}};
    const auto alarms = [&] {
        int count = 0;
        const auto err = svlogd.process->err();
        for (auto at = err.find("sigalarm"); at != err.npos; at = err.find("sigalarm", at + 1)) ++count;
        return count;
    };
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
    svlogd.process->signal(SIGALRM);
    REQUIRE(eventually([&] { return tree.old_files().size() == 1 && tree.has("log/current"); }));
    svlogd.process->signal(SIGALRM);
    REQUIRE(eventually([&] { return alarms() == 2; }));
    CHECK(svlogd.finish().code == 0);
    REQUIRE(tree.old_files().size() == 1);
    CHECK(tree.read("log/" + tree.old_files()[0]) == "one\n");
    CHECK(tree.current().empty());
}

TEST_CASE("t rotates by age, without input too, but not an empty current", "[shared]")
{
    LogTree tree{"t1\n"};
    Running svlogd{tree};
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return tree.old_files().size() == 1; }));
    CHECK(always([&] { return tree.old_files().size() == 1; }, std::chrono::milliseconds(1500)));
}

TEST_CASE("HUP opens every log again with its new config, keeping what current holds", "[shared]")
{
    LogTree tree;
    Running svlogd{tree};
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
    tree.file("log/config", "pP: \n");
    svlogd.process->signal(SIGHUP);
    REQUIRE(eventually([&] {
        svlogd.write("x\n");
        return tree.current().find("P: x\n") != std::string::npos;
    }));
    CHECK(tree.current().rfind("one\n", 0) == 0);
    CHECK(tree.old_files().empty());
}

TEST_CASE("TERM waits for the end of the line being read, which is kept, and leaves what follows in the pipe",
          "[bug-1]")
{
    LogTree tree;
    Running svlogd{tree};
    svlogd.write("one\nhalf");
    REQUIRE(eventually([&] { return tree.current() == "one\nhalf"; }));
    svlogd.process->signal(SIGTERM);
    CHECK(always([&] { return svlogd.process->is_running(); }, std::chrono::milliseconds(100)));
    const int reader = ::open(tree.path("fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    svlogd.write(" a line\nfor the next\n");
    CHECK(svlogd.process->wait().code == 0);
    CHECK(tree.current() == "one\nhalf a line\n");
    char rest[64] = {};
    CHECK(::read(reader, rest, sizeof rest) == 13);
    ::close(reader);
    CHECK(std::string(rest) == "for the next\n");
}

TEST_CASE("a second TERM ends it in the midst of a line whose writer stands still, and the line is ended")
{
    for (const std::string config : {"", "pP: \n", "+never*\n+*\n"}) {
        LogTree tree{config};
        Running svlogd{tree, {"-v"}};
        svlogd.write("one\nhalf");
        REQUIRE(eventually([&] { return tree.current().find("one\n") != std::string::npos; }));
        svlogd.process->signal(SIGTERM);
        REQUIRE(eventually([&] { return svlogd.process->err().find("sigterm") != std::string::npos; }));
        svlogd.process->signal(SIGTERM);
        CHECK(svlogd.process->wait(std::chrono::seconds(5)).code == 0);
        CHECK(tree.current().ends_with("half\n"));
        CHECK(tree.mode_of("log/current") == 0744);
    }
}

TEST_CASE("TERM at the start of a line ends it at once with 0", "[shared]")
{
    LogTree tree;
    Running svlogd{tree};
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
    svlogd.process->signal(SIGTERM);
    CHECK(svlogd.process->wait().code == 0);
    CHECK(tree.mode_of("log/current") == 0744);
}

TEST_CASE("standard input is left in blocking mode for everyone who shares it", "[bug-9]")
{
    LogTree tree;
    Running svlogd{tree};
    const int reader = ::open(("/proc/" + std::to_string(svlogd.process->pid()) + "/fdinfo/0").c_str(), O_RDONLY);
    char info[200] = {};
    REQUIRE(::read(reader, info, sizeof info - 1) > 0);
    ::close(reader);
    const std::string text = info;
    const auto at = text.find("flags:");
    const long flags = std::stol(text.substr(at + 6), nullptr, 8);
    CHECK((flags & O_NONBLOCK) == 0);
}

TEST_CASE("several directories each get everything, by their own rules", "[shared]")
{
    LogTree tree;
    tree.directory("all");
    tree.file("some/config", "-*\n+a*\n");
    auto spec = tree.spec({tree.path("all"), tree.path("some")}, "input");
    tree.file("input", "abc\nxyz\nanother\n");
    CHECK(run(spec).code == 0);
    CHECK(tree.current() == "abc\nxyz\nanother\n");
    CHECK(tree.read("all/current") == "abc\nxyz\nanother\n");
    CHECK(tree.read("some/current") == "abc\nanother\n");
}

TEST_CASE("a directory that cannot be opened is warned about, the others are used", "[shared]")
{
    LogTree tree;
    tree.file("input", "abc\n");
    const auto finished = run(tree.spec({tree.path("missing")}, "input"));
    CHECK(finished.code == 0);
    CHECK(finished.err ==
          "svlogd: warning: unable to open log directory: " + tree.path("missing") + ": file does not exist\n");
    CHECK(tree.current() == "abc\n");
}

TEST_CASE("without any directory it ends with 111 and says so", "[shared]")
{
    LogTree tree;
    tree.file("input", "abc\n");
    const auto finished = run(tree.spec({}, "input", "missing"));
    CHECK(finished.code == 111);
    CHECK(finished.err.find("svlogd: fatal: no functional log directories.\n") != std::string::npos);
}

TEST_CASE("a directory that another one has locked is not used", "[shared]")
{
    LogTree tree;
    Running svlogd{tree};
    const auto second = tree.log("abc\n");
    CHECK(second.code == 111);
    CHECK(second.err.find("unable to lock directory: " + tree.path("log") + ": temporary failure") !=
          std::string::npos);
}

TEST_CASE("usage errors end with 111", "[shared]")
{
    for (const std::vector<std::string>& wrong : {std::vector<std::string>{},
                                                  {"-x", "d"},
                                                  {"-r", "ab", "d"},
                                                  {"-l", "2000", "d"},
                                                  {"-b", "1000", "d"},
                                                  {"-l"}}) {
        auto argv = wrong;
        argv.insert(argv.begin(), program("svlogd"));
        const auto finished = run(argv);
        CHECK(finished.code == 111);
        CHECK(finished.err.find("usage: ") != std::string::npos);
    }
}

TEST_CASE("a line is not divided by a HUP in its midst and an ALRM after that")
{
    LogTree tree;
    Running svlogd{tree, {"-v"}};
    svlogd.write("abc");
    REQUIRE(eventually([&] { return tree.current() == "abc"; }));
    for (const auto& heard : {std::pair{SIGHUP, "sighangup"}, std::pair{SIGALRM, "sigalarm"}}) {
        svlogd.process->signal(heard.first);
        REQUIRE(eventually([&] { return svlogd.process->err().find(heard.second) != std::string::npos; }));
    }
    svlogd.write("def\n");
    CHECK(eventually([&] { return tree.old_files().size() == 1; }));
    CHECK(svlogd.finish().code == 0);
    CHECK(tree.read("log/" + tree.old_files()[0]) == "abcdef\n");
    CHECK(tree.current().empty());
}

TEST_CASE("HUP with no directory left ends with 111; one that comes back is used again", "[shared]")
{
    LogTree tree;
    tree.directory("other");
    Running svlogd{tree, tree.spec({tree.path("other")}, "fifo")};
    std::filesystem::rename(tree.path("other"), tree.path("away"));
    svlogd.process->signal(SIGHUP);
    REQUIRE(eventually([&] { return svlogd.process->err().find("other") != std::string::npos; }));
    std::filesystem::rename(tree.path("away"), tree.path("other"));
    svlogd.process->signal(SIGHUP);
    REQUIRE(eventually([&] {
        svlogd.write("x\n");
        return !tree.read("other/current").empty();
    }));
    std::filesystem::rename(tree.path("other"), tree.path("away"));
    std::filesystem::rename(tree.path("log"), tree.path("gone"));
    svlogd.process->signal(SIGHUP);
    CHECK(svlogd.process->wait().code == 111);
}

TEST_CASE("a log that is used again by a later HUP begins with a line of its own")
{
    for (const std::string config : {"", "jweb\n"}) {
        LogTree tree{config};
        tree.directory("other");
        Running svlogd{tree, tree.spec({"-v", tree.path("other")}, "fifo")};
        const auto err = [&] { return svlogd.process->err(); };
        svlogd.write("abc");
        REQUIRE(eventually([&] { return tree.current().find("abc") != std::string::npos; }));
        std::filesystem::rename(tree.path("log"), tree.path("away"));
        svlogd.process->signal(SIGHUP);
        REQUIRE(eventually([&] { return err().find("unable to open log directory") != std::string::npos; }));
        std::filesystem::rename(tree.path("away"), tree.path("log"));
        svlogd.process->signal(SIGHUP);
        REQUIRE(eventually([&] { return err().find("append: " + tree.path("log")) != std::string::npos; }));
        svlogd.write("def\nnext\n");
        CHECK(svlogd.finish().code == 0);
        CHECK(tree.read("other/current") == "abcdef\nnext\n");
        const auto text = tree.current();
        INFO(text);
        CHECK(text.find(config.empty() ? "abc\n" : "\"abc\"}\n") != text.npos);
        CHECK(text.find("def") == text.npos);
        CHECK(std::count(text.begin(), text.end(), '\n') == 2);
    }
}

TEST_CASE("after a HUP with another directory in its place, old files sort behind those that are there")
{
    LogTree tree;
    tree.file("new/@40000000ffffffff3b9ac9ff.s", "from the future\n", 0744);
    Running svlogd{tree};
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
    svlogd.process->signal(SIGALRM);
    REQUIRE(eventually([&] { return tree.old_files().size() == 1 && tree.has("log/current"); }));
    std::filesystem::rename(tree.path("log"), tree.path("away"));
    std::filesystem::rename(tree.path("new"), tree.path("log"));
    svlogd.process->signal(SIGHUP);
    REQUIRE(eventually([&] { return tree.has("log/current"); }));
    svlogd.write("two\n");
    REQUIRE(eventually([&] { return tree.current() == "two\n"; }));
    svlogd.process->signal(SIGALRM);
    REQUIRE(eventually([&] { return tree.old_files().size() == 2; }));
    CHECK(tree.read("log/" + tree.old_files()[1]) == "two\n");
}

TEST_CASE("what it says while standard error is full holds up no log, and is written when there is room again")
{
    LogTree tree{"wrong\n"};
    const FullPipe full(tree.path("full"));
    Running svlogd{tree, with_standard_error(tree, "full", {"-v"})};
    svlogd.write("one\n");
    CHECK(eventually([&] { return tree.current() == "one\n"; }));
    svlogd.process->signal(SIGALRM);
    CHECK(eventually([&] { return tree.old_files().size() == 1; }));
    std::string text;
    CHECK(eventually([&] {
        text += full.read();
        return text.find("log/config: line 1: ") != std::string::npos &&
               text.find("svlogd: info: sigalarm received.\n") < text.find("svlogd: info: rename: ");
    }));
    CHECK(svlogd.finish().code == 0);
}

TEST_CASE("lines for a standard error that is full wait, and come in order when there is room again")
{
    LogTree tree{"e*\n"};
    const FullPipe full(tree.path("full"));
    Running svlogd{tree, with_standard_error(tree, "full")};
    svlogd.write(lines(1, 9000));
    REQUIRE(eventually([&] { return tree.current() == "line 1\n"; }));
    svlogd.process->signal(SIGALRM);
    REQUIRE(eventually([&] { return tree.old_files().size() == 1; }));
    CHECK(tree.everything() == "line 1\n");
    std::string text;
    CHECK(eventually([&] {
        text += full.read();
        return text.ends_with("line 9000\n");
    }));
    CHECK(text.substr(text.find('l')) == lines(1, 9000));
    CHECK(svlogd.finish().code == 0);
    CHECK(tree.everything() == lines(1, 9000));
}

TEST_CASE("a line of any length waits for a standard error that is full, and comes whole")
{
    LogTree tree{"e*\n"};
    const FullPipe full(tree.path("full"));
    Running svlogd{tree, with_standard_error(tree, "full", {"-l", "100000", "-b", "200000"})};
    const auto lines = std::string(90000, 'a') + "\n" + std::string(90000, 'b') + "\n";
    svlogd.write(lines);
    REQUIRE(eventually([&] { return tree.current().size() == lines.size() / 2; }));
    std::string text;
    CHECK(eventually([&] {
        text += full.read();
        return text.ends_with("b\n");
    }));
    CHECK((text.substr(text.find('a')) == lines));
    CHECK(svlogd.finish().code == 0);
}

TEST_CASE("TERM ends the wait for a standard error that is full, and what was read is in the log")
{
    LogTree tree{"e*\n"};
    const FullPipe full(tree.path("full"));
    Running svlogd{tree, with_standard_error(tree, "full")};
    svlogd.write(lines(1, 100));
    CHECK(eventually([&] { return tree.current() == "line 1\n"; }));
    svlogd.process->signal(SIGTERM);
    CHECK(svlogd.process->wait().code == 0);
    CHECK(tree.current() == lines(1, 100));
}

TEST_CASE(
    "a directory that is gone at a HUP while standard error is full is said to lose what had to wait for that")
{
    LogTree tree{"e*\n"};
    const FullPipe full(tree.path("full"));
    auto spec = with_standard_error(tree, "full");
    tree.directory("other");
    spec.argv.push_back(tree.path("other"));
    Running svlogd{tree, spec};
    svlogd.write(lines(1, 100));
    REQUIRE(eventually([&] { return tree.read("other/current") == lines(1, 100); }));
    std::filesystem::rename(tree.path("log"), tree.path("gone"));
    svlogd.process->signal(SIGHUP);
    std::string text;
    CHECK(eventually([&] {
        text += full.read();
        return text.find("unable to write 99 lines, they are lost: " + tree.path("log") + "\n") != text.npos;
    }));
    CHECK(svlogd.finish().code == 0);
}

TEST_CASE("with -V it says which version it is, with -v what it does", "[shared]")
{
    LogTree tree{"n5\n"};
    const auto finished = tree.log("one\n", {"-v"});
    const auto log = tree.path("log");
    CHECK(finished.err == "svlogd: info: read: " + log + "/config\nsvlogd: info: new: " + log +
                              "/current\nsvlogd: info: close: " + log + "\n");
    const auto version = run({program("svlogd"), "-V"});
    CHECK(version.code == 111);
    CHECK(version.err.find("usage: ") != std::string::npos);
}
