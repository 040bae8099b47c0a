// svlogd where lines have to be given up: each is told about and counted, and none but those.
#include <fcntl.h>

#include <iterator>
#include <regex>
#include <sstream>

#include "fault/svlogd_disk.hpp"
#include "support/full_pipe.hpp"

using namespace support;

namespace {

// What stands behind `words`.
int number_after(const std::string& text, const std::string& words)
{
    const auto at = text.find(words);
    return at == text.npos ? -1 : std::atoi(text.c_str() + at + words.size());
}

const std::string notice = "svlogd: warning: lines lost while nothing could be written: ";
const std::string waits = " bytes are written, a second TERM gives them up: ";

// How many lines it says are lost to the log in `directory`; it says so once, or never.
int lost_lines(const std::string& err, const std::string& directory)
{
    const std::regex words{"svlogd: warning: unable to write ([0-9]+) lines, they are lost: " + directory +
                           ": out of disk space\n"};
    const std::sregex_iterator found{err.begin(), err.end(), words};
    if (found == std::sregex_iterator{}) return 0;
    REQUIRE(std::distance(found, {}) == 1);
    return std::stoi((*found)[1]);
}

// More than 32 KiB. With lines of 16 bytes the last one that fits there is whole.
std::string many(const std::string& line)
{
    std::string text;
    while (text.size() < 40000) text += line;
    return text;
}

// The input of a Running, for what it leaves there.
class Rest {
public:
    explicit Rest(const LogTree& tree) : fd_(::open(tree.path("fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC))
    {
    }
    ~Rest() { ::close(fd_); }
    std::string read() const
    {
        std::string text;
        char part[4096];
        for (ssize_t size; (size = ::read(fd_, part, sizeof part)) > 0;)
            text.append(part, static_cast<std::size_t>(size));
        return text;
    }

private:
    int fd_;
};

}  // namespace

TEST_CASE("at the end of input a disk that is full is waited for, which is told, and nothing is lost")
{
    LogTree tree;
    const SmallDisk disk{tree, "size=32k"};
    if (!disk.is_mounted) return;
    Running svlogd{tree};
    const auto text = lines(1, 4000);
    svlogd.write(text);
    svlogd.close();
    REQUIRE(eventually([&] { return count(svlogd.process->err(), waits) == 1; }));
    CHECK(always([&] { return svlogd.process->is_running(); }, std::chrono::milliseconds(300)));
    CHECK(count(svlogd.process->err(), waits) == 1);
    CHECK(std::regex_search(svlogd.process->err(), std::regex("svlogd: warning: unable to end before [0-9]+" +
                                                              waits + tree.path("log") + full)));
    disk.resize("size=1m");
    CHECK(svlogd.finish().code == 0);
    CHECK(tree.current() == text);
    CHECK(tree.mode_of("log/current") == 0744);
}

TEST_CASE("with TERM it waits for room as well, a second one gives up: it counts what is lost and exits 111")
{
    LogTree tree;
    const SmallDisk disk{tree, "size=32k"};
    if (!disk.is_mounted) return;
    Running svlogd{tree};
    const Rest rest{tree};
    svlogd.write(lines(1, 4000) + "half a line");
    REQUIRE(eventually([&] { return count(svlogd.process->err(), full) == 1; }));
    svlogd.process->signal(SIGTERM);
    REQUIRE(eventually([&] { return count(svlogd.process->err(), waits) == 1; }));
    CHECK(always([&] { return svlogd.process->is_running(); }, std::chrono::milliseconds(300)));
    svlogd.process->signal(SIGTERM);
    const auto finished = svlogd.process->wait();
    CHECK(finished.code == 111);
    const int gone = lost_lines(finished.err, tree.path("log"));
    const auto left = rest.read();
    INFO(finished.err);
    const bool has_half = left.empty();  // or it is left in the pipe, with the lines before it
    CHECK(count(tree.current(), "\n") + gone + count(left, "\n") == 4000 + has_half);
    CHECK(lines(1, 4000).rfind(tree.current(), 0) == 0);
    // A torn line at its end is not to be continued by the next one.
    CHECK(tree.mode_of("log/current") == 0644);
    disk.resize("size=1m");
    const auto torn = tree.current();
    CHECK(tree.log("next\n").code == 0);
    CHECK(tree.current() == "next\n");
    REQUIRE(tree.old_files().size() == 1);
    CHECK(tree.read("log/" + tree.old_files()[0]) == torn);
}

TEST_CASE("a TERM after the end of input gives nothing up, a second one does, be the last line torn or not")
{
    for (const auto& text : {many("line\n"), many("of sixteen byte\n")}) {
        LogTree tree;
        const SmallDisk disk{tree, "size=32k"};
        if (!disk.is_mounted) return;
        Running svlogd{tree};
        svlogd.write(text);
        svlogd.close();
        for (int told = 1; told <= 2; ++told) {
            REQUIRE(eventually([&] { return count(svlogd.process->err(), waits) == told; }));
            CHECK(svlogd.process->is_running());
            svlogd.process->signal(SIGTERM);
        }
        CHECK(svlogd.process->wait().code == 111);
        const int gone = lost_lines(svlogd.process->err(), tree.path("log"));
        CHECK(count(tree.current(), "\n") + gone == count(text, "\n"));
    }
}

TEST_CASE("lines that config does not want are not counted as lost, and alerts are not held up by giving up")
{
    LogTree tree;
    const SmallDisk disk{tree, "size=32k"};
    if (!disk.is_mounted) return;
    tree.file("log/config", "-no*\neERR*\n");
    Running svlogd{tree};
    svlogd.write(lines(1, 3000) + "no\nno\nno\nERROR\n");
    svlogd.close();
    for (int told = 1; told <= 2; ++told) {
        REQUIRE(eventually([&] { return count(svlogd.process->err(), waits) == told; }));
        svlogd.process->signal(SIGTERM);
    }
    CHECK(svlogd.process->wait().code == 111);
    const auto err = svlogd.process->err();
    CHECK(count(err, "ERROR\n") == 1);
    CHECK(count(tree.current(), "\n") + lost_lines(err, tree.path("log")) == 3001);
}

TEST_CASE("with nothing left to write, the end waits for no current")
{
    LogTree tree;
    const SmallDisk disk{tree, "size=1m,nr_inodes=4"};  // itself, lock, current, config
    if (!disk.is_mounted) return;
    tree.file("log/config", "s2100\nn0\n");
    Running svlogd{tree, {"-l", "100", "-b", "200"}};
    svlogd.write(std::string(2099, 'x') + "\n");
    REQUIRE(eventually([&] { return count(svlogd.process->err(), "unable to open current: ") == 1; }));
    const auto finished = svlogd.finish();
    CHECK(finished.code == 0);
    CHECK(count(finished.err, waits) == 0);
    CHECK(tree.everything().size() == 2100);
}

TEST_CASE(
    "a fifo whose next writer comes while the disk is full is at no end: a processor that fails is tried again")
{
    LogTree tree;
    const SmallDisk disk{tree, "size=32k"};
    if (!disk.is_mounted) return;
    tree.file("log/config", "!cat; test -e go\n");
    Running svlogd{tree};
    svlogd.write(lines(1, 4000));
    REQUIRE(eventually([&] { return count(svlogd.process->err(), full) == 1; }));
    svlogd.write("more\n");
    svlogd.close();
    REQUIRE(eventually([&] { return count(svlogd.process->err(), waits) == 1; }));
    const int end = ::open(tree.path("fifo").c_str(), O_WRONLY | O_CLOEXEC);
    disk.resize("size=1m");
    REQUIRE(::write(end, "next\n", 5) == 5);
    REQUIRE(eventually([&] { return tree.current() == lines(1, 4000) + "more\nnext\n"; }));
    svlogd.process->signal(SIGALRM);
    REQUIRE(eventually([&] { return count(svlogd.process->err(), "processor failed") == 1; }));
    tree.file("log/go", "");
    CHECK(eventually([&] { return tree.old_files().size() == 1 && tree.old_files()[0].substr(25) == ".s"; }));
    ::close(end);
    CHECK(svlogd.finish().code == 0);
}

TEST_CASE("a log that is full and cannot be opened again at HUP says what it has lost")
{
    LogTree tree;
    const SmallDisk disk{tree, "size=32k"};
    if (!disk.is_mounted) return;
    tree.directory("other");
    std::filesystem::create_symlink(tree.path("log"), tree.path("link"));
    Running svlogd{tree, tree.spec({tree.path("other")}, "fifo", "link")};
    svlogd.write(lines(1, 4000));
    REQUIRE(eventually([&] { return count(svlogd.process->err(), full) == 1; }));
    std::filesystem::remove(tree.path("link"));
    svlogd.process->signal(SIGHUP);
    const auto finished = svlogd.finish();
    CHECK(finished.code == 0);
    const int gone = lost_lines(finished.err, tree.path("link"));
    CHECK(gone > 0);
    CHECK(count(tree.current(), "\n") + gone <= 4000);
    CHECK(tree.read("other/current") == lines(1, 4000));
}

TEST_CASE("with d, drop, lines are dropped and counted while the disk is full, every one but those in the log")
{
    for (const std::string form : {"", "j\n", "-nothing\n"}) {
        LogTree tree;
        const SmallDisk disk{tree, "size=32k"};
        if (!disk.is_mounted) return;
        tree.file("log/config", "s0\nddrop\neERR*\n" + form);
        Running svlogd{tree};
        {
            const Writer writer{svlogd, lines(1, 30000)};
        }
        REQUIRE(eventually([&] { return count(svlogd.process->err(), full) == 1; }));
        svlogd.write("ERROR\n");
        CHECK(eventually([&] { return count(svlogd.process->err(), "ERROR\n") == 1; }));
        disk.resize("size=1m");
        int more = 1;
        REQUIRE(eventually([&] {
            svlogd.write("again\n");
            ++more;
            const auto text = tree.current();
            return text.find("lines lost") != text.npos && text.find("again") != text.npos;
        }));
        CHECK(svlogd.finish().code == 0);
        std::istringstream text{tree.current()};
        int there = 0;
        int gone = 0;
        const std::regex json{R"(\{"time":"[^"]+","service":"[^"]+","message":"[^"]*"\})"};
        for (std::string line; std::getline(text, line);) {
            const bool is_notice = line.find(notice) != line.npos;
            if (is_notice) gone += number_after(line, notice);
            else ++there;
            CHECK((form != "j\n" || std::regex_match(line, json)));
        }
        CHECK(gone > 1000);
        CHECK(there + gone == 30000 + more);
    }
}

TEST_CASE("with d, drop, lines for a standard error that is full wait all the same, and none is missing there")
{
    LogTree tree;
    const SmallDisk disk{tree, "size=4k"};  // for config
    if (!disk.is_mounted) return;
    tree.file("log/config", "s0\nddrop\ne*\n");
    const FullPipe pipe(tree.path("full"));
    Running svlogd{tree, with_standard_error(tree, "full")};
    const auto text = lines(1, 1500, std::string(90, 'x'));
    svlogd.write(text);
    std::string said;
    CHECK(eventually([&] {
        said += pipe.read();
        return said.find("line 1500") != said.npos;
    }));
    said += pipe.read();
    const auto warning = said.find("svlogd: warning: unable to write to current");
    REQUIRE(warning != said.npos);
    said.erase(warning, said.find('\n', warning) + 1 - warning);
    CHECK((said.substr(said.find("line 1")) == text));
    svlogd.process->signal(SIGTERM);
    CHECK(svlogd.process->wait().code == 111);
}

TEST_CASE("with d, drop, lines that were for udp alone and cannot be sent either are counted")
{
    LogTree tree;
    const SmallDisk disk{tree, "size=4k"};  // for config
    if (!disk.is_mounted) return;
    tree.file("log/config", "s0\nddrop\nU255.255.255.255:9\n");  // a socket may not send there
    Running svlogd{tree};
    svlogd.write(lines(1, 1000));
    REQUIRE(eventually([&] { return count(svlogd.process->err(), full) == 1; }));
    svlogd.write(lines(1001, 1500));
    const auto finished = svlogd.finish();
    CHECK(finished.code == 111);
    CHECK(lost_lines(finished.err, tree.path("log")) == 1500);
}

TEST_CASE(
    "with d, drop, a disk that stays full does not keep it from ending: it says how much is lost and exits 111")
{
    for (const auto& text : {many("line\n"), many("of sixteen byte\n"), std::string(60000, 'x') + "\n"}) {
        LogTree tree;
        const SmallDisk disk{tree, "size=36k"};  // one block of it is for config
        if (!disk.is_mounted) return;
        tree.file("log/config", "s0\nddrop\n");
        Running svlogd{tree};
        svlogd.write(text);
        const auto finished = svlogd.finish();
        CHECK(finished.code == 111);
        CHECK(count(tree.current(), "\n") + lost_lines(finished.err, tree.path("log")) == count(text, "\n"));
    }
}
