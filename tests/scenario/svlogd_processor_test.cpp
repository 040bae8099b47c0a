#include <iostream>
#include <iterator>
#include <sstream>

#include "scenario/svlogd_fixture.hpp"

using namespace support;

namespace {

const std::vector<std::string> small{"-l", "100", "-b", "200"};

}

TEST_CASE("the processor turns current into an old file, in the directory, with 0 and 1", "[shared]")
{
    LogTree tree{"s2100\nn0\n!sed s/line/LINE/; pwd >where\n"};
    CHECK(tree.log(lines(1, 300), small).code == 0);
    const auto files = tree.old_files();
    REQUIRE_FALSE(files.empty());
    for (const auto& name : files) {
        CHECK(name.substr(25) == ".s");
        CHECK(tree.read("log/" + name).rfind("LINE", 0) == 0);
        CHECK(tree.mode_of("log/" + name) == 0744);
    }
    CHECK(tree.read("log/where") == tree.path("log") + "\n");
}

TEST_CASE("what it writes to 5 is what the next one reads from 4", "[shared]")
{
    LogTree tree{"s2100\nn0\n!cat >/dev/null; S=$(cat <&4); echo x$S >&5; echo $S\n"};
    Running svlogd{tree, small};
    for (int round = 1; round <= 3; ++round) {
        svlogd.write(lines(1, 10));
        REQUIRE(eventually([&] { return tree.current() == lines(1, 10); }));
        svlogd.process->signal(SIGALRM);
        REQUIRE(eventually([&] {
            const auto files = tree.old_files();
            return files.size() == static_cast<std::size_t>(round) && files.back().substr(25) == ".s" &&
                   tree.read("log/state").size() == static_cast<std::size_t>(round + 1);
        }));
    }
    CHECK(tree.read("log/" + tree.old_files().back()) == "xx\n");
    CHECK_FALSE(tree.has("log/newstate"));
}

TEST_CASE("a processor has only the descriptors it was promised, and no signal is blocked or ignored for it",
          "[shared]")
{
    LogTree tree{
        "!cat >/dev/null; ls /proc/self/fd | tr '\\n' ' '; echo; grep -E 'Sig(Blk|Ign)' /proc/self/status\n"};
    Running svlogd{tree};
    svlogd.write("x\n");
    REQUIRE(eventually([&] { return tree.current() == "x\n"; }));
    svlogd.process->signal(SIGALRM);
    REQUIRE(eventually([&] { return !tree.old_files().empty() && tree.old_files()[0].substr(25) == ".s"; }));
    const auto text = tree.read("log/" + tree.old_files()[0]);
    INFO(text);
    CHECK(text.find("0 1 2 3 4 5 \n") == 0);
    const auto set_of = [](const std::string& digits) { return std::stoull(digits, nullptr, 16); };
    for (const std::string field : {"SigBlk", "SigIgn"}) {
        const auto at = text.find(field);
        REQUIRE(at != text.npos);
        const auto inherited = set_of(proc_field(::getpid(), field));
        CHECK((set_of(text.substr(at + field.size() + 2, 16)) & ~inherited) == 0);
    }
}

TEST_CASE("a processor runs in its log's directory, whatever that is called by now")
{
    LogTree tree{"!cat; cat note\n"};
    tree.file("log/note", "noted\n");
    Running svlogd{tree};
    svlogd.write("x\n");
    REQUIRE(eventually([&] { return tree.current() == "x\n"; }));
    std::filesystem::rename(tree.path("log"), tree.path("away"));
    svlogd.process->signal(SIGALRM);
    REQUIRE(eventually([&] {
        const auto files = tree.old_files("away");
        return files.size() == 1 && files[0].substr(25) == ".s";
    }));
    CHECK(tree.everything("away") == "x\nnoted\n");
}

TEST_CASE("a processor that is still running does not stop the reader while there is room to rotate")
{
    LogTree tree{"s2100\nn8\n!cat; while [ ! -e go ]; do sleep 0.05; done\n"};
    Running svlogd{tree, small};
    const auto text = lines(1, 800);
    svlogd.write(text);
    CHECK(eventually([&] { return tree.old_files().size() >= 4; }));
    tree.file("log/go", "");
    CHECK(svlogd.finish().code == 0);
    for (const auto& name : tree.old_files()) CHECK(name.substr(25) == ".s");
    CHECK(tree.everything() == text);
}

TEST_CASE("when n files wait for the processor the reader waits, and nothing is lost")
{
    LogTree tree{"s2100\nn2\n!cat; while [ ! -e go ]; do sleep 0.05; done\n"};
    Running svlogd{tree, small};
    const auto text = lines(1, 800);
    svlogd.write(text);
    REQUIRE(
        eventually([&] { return svlogd.process->err().find("the processor is behind") != std::string::npos; }));
    CHECK(tree.everything().size() < text.size());
    tree.file("log/config", "s2100\nn0\n!cat\n");
    tree.file("log/go", "");
    svlogd.process->signal(SIGHUP);
    CHECK(svlogd.finish().code == 0);
    CHECK(tree.everything() == text);
}

TEST_CASE("a processor that fails is tried again with a growing pause, never in a tight loop")
{
    LogTree tree{"!read now idle </proc/uptime; echo $now >>tries; exit 1\n"};
    Running svlogd{tree};
    svlogd.write("x\n");
    REQUIRE(eventually([&] { return tree.current() == "x\n"; }));
    svlogd.process->signal(SIGALRM);
    const auto tries = [&] {
        std::istringstream text{tree.read("log/tries")};
        return std::vector<double>{std::istream_iterator<double>{text}, {}};
    };
    REQUIRE(eventually([&] { return tries().size() == 2; }));
    svlogd.write("still taken\n");
    CHECK(eventually([&] { return tree.current() == "still taken\n"; }));
    REQUIRE(eventually([&] { return tries().size() >= 3; }));
    const auto times = tries();
    CHECK(times[1] - times[0] > 0.9);
    CHECK(times[2] - times[1] > 1.9);
    CHECK(tree.old_files().back().substr(25) == ".u");
}

TEST_CASE("a processor that fails does not keep the program from ending, and its file waits for the next start")
{
    LogTree tree{"s2100\nn0\n!exit 1\n"};
    CHECK(tree.log(lines(1, 400), small).code == 0);
    REQUIRE(tree.old_files().size() == 1);
    CHECK(tree.old_files()[0].substr(25) == ".u");
    tree.file("log/config", "s2100\nn0\n!cat\n");
    CHECK(tree.log("", small).code == 0);
    REQUIRE(tree.old_files().size() == 1);
    CHECK(tree.old_files()[0].substr(25) == ".s");
}

TEST_CASE("a processor that keeps failing lets the program end, also with n files that wait for it", "[bug-11]")
{
    for (const bool by_signal : {false, true}) {
        LogTree tree{"s2100\nn2\n!exit 1\n"};
        Running svlogd{tree, small};
        const auto text = lines(1, 800);
        svlogd.write(text + "the last one");
        REQUIRE(eventually(
            [&] { return svlogd.process->err().find("the processor is behind") != std::string::npos; }));
        if (by_signal) {
            svlogd.process->signal(SIGTERM);
            svlogd.write("\n");
        }
        CHECK(svlogd.finish().code == 0);
        CHECK(tree.everything() == text + "the last one\n");
    }
}

TEST_CASE("a slow processor never costs a line, not with d, drop, either")
{
    LogTree tree{"s2100\nn2\nddrop\n!cat; while [ ! -e go ]; do sleep 0.05; done\n"};
    Running svlogd{tree, small};
    const auto text = lines(1, 800);
    svlogd.write(text);
    REQUIRE(
        eventually([&] { return svlogd.process->err().find("the processor is behind") != std::string::npos; }));
    tree.file("log/config", "s2100\nn0\nddrop\n!cat\n");
    tree.file("log/go", "");
    svlogd.process->signal(SIGHUP);
    CHECK(svlogd.finish().code == 0);
    CHECK(tree.everything() == text);
}

TEST_CASE("a file that a crash has left is processed", "[bug-10]")
{
    LogTree tree{"!cat\n"};
    tree.file("log/current", "crashed\n", 0644);
    tree.file("log/@400000006000000000000010.u", "older\n", 0644);
    CHECK(tree.log("new\n").code == 0);
    REQUIRE(tree.old_files().size() == 2);
    for (const auto& name : tree.old_files()) CHECK(name.substr(25) == ".s");
    CHECK(tree.everything() == "older\ncrashed\nnew\n");
}

TEST_CASE("a processor that goes on when its svlogd was killed writes nothing into what the next one makes")
{
    LogTree tree{"!echo >begun; while [ ! -e go ]; do sleep 0.05; done; echo late; echo late >&5; echo >done\n"};
    Running svlogd{tree};
    svlogd.write("a line that is longer\n");
    REQUIRE(eventually([&] { return !tree.current().empty(); }));
    svlogd.process->signal(SIGALRM);
    REQUIRE(eventually([&] { return tree.has("log/begun"); }));
    svlogd.process->signal(SIGKILL);
    svlogd.process->wait();
    tree.file("log/config", "!cat; echo >go; while [ ! -e done ]; do sleep 0.05; done\n");
    CHECK(tree.log("next\n").code == 0);
    CHECK(tree.everything() == "a line that is longer\nnext\n");
    CHECK(tree.read("log/state").empty());
}

TEST_CASE("the end waits for the processor", "[shared]")
{
    LogTree tree{"s2100\nn0\n!sleep 0.3; cat\n"};
    const auto text = lines(1, 400);
    CHECK(tree.log(text, small).code == 0);
    CHECK(tree.everything() == text);
    for (const auto& name : tree.old_files()) CHECK(name.substr(25) == ".s");
}

namespace {

const std::string waits =
    "svlogd: warning: unable to end before the processor has ended, a second TERM leaves its "
    "file to the next svlogd: ";

// How often it says that of `log`.
int waits_told(const Running& svlogd, const std::string& log)
{
    const auto text = svlogd.process->err();
    const auto line = waits + log + "\n";
    int times = 0;
    for (auto at = text.find(line); at != text.npos; at = text.find(line, at + 1)) ++times;
    return times;
}

}  // namespace

TEST_CASE("an end that a processor keeps waiting is told once, and the processor is waited for")
{
    for (const bool by_signal : {false, true}) {
        LogTree tree{"!echo >begun; while [ ! -e go ]; do sleep 0.05; done; cat\n"};
        Running svlogd{tree};
        svlogd.write("x\n");
        REQUIRE(eventually([&] { return tree.current() == "x\n"; }));
        svlogd.process->signal(SIGALRM);
        REQUIRE(eventually([&] { return tree.has("log/begun"); }));
        if (by_signal) svlogd.process->signal(SIGTERM);
        else svlogd.close();
        REQUIRE(eventually([&] { return waits_told(svlogd, tree.path("log")) == 1; }));
        CHECK(always([&] { return svlogd.process->is_running(); }, std::chrono::milliseconds(300)));
        tree.file("log/go", "");
        CHECK(svlogd.finish().code == 0);
        CHECK(waits_told(svlogd, tree.path("log")) == 1);
        REQUIRE(tree.old_files().size() == 1);
        CHECK(tree.old_files()[0].substr(25) == ".s");
        CHECK(tree.everything() == "x\n");
    }
}

TEST_CASE("a second TERM leaves the file of a processor that hangs, and those behind it, to the next start")
{
    LogTree tree{"!cat; echo >begun; while [ ! -e go ]; do sleep 0.05; done\n"};
    Running svlogd{tree};
    for (const int round : {1, 2}) {
        svlogd.write(lines(round, round));
        REQUIRE(eventually([&] { return tree.current() == lines(round, round); }));
        svlogd.process->signal(SIGALRM);
        REQUIRE(eventually([&] { return tree.current().empty() && tree.has("log/begun"); }));
    }
    const auto processors = children_of(svlogd.process->pid());
    REQUIRE(processors.size() == 1);
    svlogd.process->signal(SIGTERM);
    REQUIRE(eventually([&] { return waits_told(svlogd, tree.path("log")) == 1; }));
    svlogd.process->signal(SIGTERM);
    CHECK(svlogd.finish().code == 0);
    CHECK(eventually([&] { return !is_alive(processors[0]); }));
    CHECK(tree.everything() == lines(1, 2));
    tree.file("log/config", "!cat\n");
    CHECK(tree.log("line 3\n").code == 0);
    REQUIRE(tree.old_files().size() == 2);
    for (const auto& name : tree.old_files()) CHECK(name.substr(25) == ".s");
    CHECK(tree.everything() == lines(1, 3));
}

TEST_CASE("a second TERM ends it also while n files wait for a processor that hangs, and no line is lost")
{
    LogTree tree{"s2100\nn2\n!trap : TERM; while :; do sleep 0.05; done\n"};
    Running svlogd{tree, small};
    const auto text = lines(1, 800);
    svlogd.write(text);
    REQUIRE(
        eventually([&] { return svlogd.process->err().find("the processor is behind") != std::string::npos; }));
    svlogd.process->signal(SIGTERM);
    REQUIRE(eventually([&] { return waits_told(svlogd, tree.path("log")) == 1; }));
    svlogd.process->signal(SIGTERM);
    CHECK(svlogd.finish().code == 0);
    CHECK(tree.everything() == text);
}

TEST_CASE("gzip and zstd as a processor, as the manual page has them")
{
    const std::pair<std::string, std::string> both[] = {{"gzip", "gzip -dc"}, {"zstd -q", "zstd -dc"}};
    for (const auto& [packs, unpacks] : both) {
        const auto name = packs.substr(0, 4);
        if (run({"sh", "-c", "command -v " + name}).code != 0) {
            std::cerr << "skipped: " << name << " is missing\n";
            continue;
        }
        LogTree tree{"s2100\nn0\n!" + packs + "\n"};
        const auto text = lines(1, 500);
        CHECK(tree.log(text, small).code == 0);
        const auto files = tree.old_files();
        REQUIRE_FALSE(files.empty());
        CHECK(files.back().substr(25) == ".s");
        CHECK(tree.read("log/" + files[0]).find("line 1") == std::string::npos);
        const auto reads = "cd " + tree.path("log") + " && { cat @*.s | " + unpacks + "; cat current; }";
        CHECK(run({"sh", "-c", reads}).out == text);
    }
}
