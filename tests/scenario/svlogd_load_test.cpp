// svlogd with much to do, and with nothing.
#include <fstream>
#include <sstream>
#include <thread>

#include "scenario/svlogd_fixture.hpp"
#include "support/full_pipe.hpp"
#include "support/strace.hpp"

using namespace support;

namespace {

std::string contents(const std::string& file)
{
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

// KiB that no file stands behind.
long private_memory(pid_t pid)
{
    std::istringstream rollup(contents("/proc/" + std::to_string(pid) + "/smaps_rollup"));
    for (std::string word; rollup >> word;) {
        long size = 0;
        if (word == "Anonymous:" && rollup >> size) return size;
    }
    return -1;
}

// What of the environment, which is on the stack, is more than the page that there is for it anyway.
long environment_beyond_a_page(pid_t pid)
{
    const auto size = static_cast<long>(contents("/proc/" + std::to_string(pid) + "/environ").size());
    return std::max(0L, size - 4096) / 1024;
}

long most_private_memory(pid_t pid)
{
    const auto maps = contents("/proc/" + std::to_string(pid) + "/maps");
    const bool is_static = maps.find(".so") == std::string::npos;
    if (is_static) return contents(program("svlogd")).find("GLIBC") == std::string::npos ? 24 : 64;
#ifdef NDEBUG
    return 97;
#else
    return 112;
#endif
}

bool has_taken_signals(pid_t pid)
{
    return proc_field(pid, "ShdPnd").find_first_not_of('0') == std::string::npos;
}

// How often svlogd makes each of `calls` while it logs what is in the file "input".
int calls_made(const LogTree& tree, std::vector<std::string> options, const std::string& calls)
{
    auto spec = tree.spec(std::move(options), "input");
    spec.argv.insert(spec.argv.begin(),
                     {"strace", "-qq", "-e", "signal=none", "-e", "trace=" + calls, "-o", tree.path("trace")});
    REQUIRE(run(spec, std::chrono::seconds(60)).code == 0);
    const auto trace = tree.read("trace");
    return static_cast<int>(std::count(trace.begin(), trace.end(), '\n'));
}

}  // namespace

TEST_CASE("an idle one takes no more memory than it is promised to")
{
    LogTree tree;
    Running svlogd{tree};
    const long size = private_memory(svlogd.process->pid());
    if (size < 0) {
        std::cerr << "skipped: there is no smaps_rollup in /proc\n";
        return;
    }
    const pid_t pid = svlogd.process->pid();
    CHECK(size <= most_private_memory(pid) + environment_beyond_a_page(pid));
}

TEST_CASE("one that had to wait takes no more memory afterwards than before")
{
    LogTree tree{"s0\nt2\ne*\n"};
    const FullPipe full(tree.path("full"));
    Running svlogd{tree, with_standard_error(tree, "full")};
    const long before = private_memory(svlogd.process->pid());
    if (before < 0) return;
    const auto text = lines(1, 2000, std::string(90, 'x'));
    svlogd.write(text);
    REQUIRE(eventually([&] { return tree.old_files().size() == 1; }));  // an idle one has handed back by then
    CHECK(private_memory(svlogd.process->pid()) > before + 100);
    CHECK(eventually([&] {
        static_cast<void>(full.read());
        return tree.everything() == text;
    }));
    CHECK(eventually([&] { return private_memory(svlogd.process->pid()) <= before + 32; }));
    CHECK(svlogd.finish().code == 0);
}

TEST_CASE("a hundred thousand lines cost a few hundred calls of the kernel")
{
    if (!has_strace()) return;
    LogTree tree{"s0\n"};
    tree.file("input", lines(1, 100000, std::string(80, 'x')));
    CHECK(calls_made(tree, {}, "read,write") < 200);
    CHECK(calls_made(tree, {"-tt"}, "read,write") < 400);
    CHECK(calls_made(tree, {}, "ppoll,ppoll_time64,rt_sigprocmask") < 300);
    tree.file("log/config", "s0\n-*no*such*\n-*line*either*\n");
    CHECK(calls_made(tree, {}, "read,write") < 400);
    CHECK(tree.current().size() > 4 * 9000000);
}

TEST_CASE("lines of a writer that makes one write a line are all there when it pauses")
{
    LogTree tree{"s0\n"};
    Running svlogd{tree};
    std::string text;
    for (int burst = 0; burst < 5; ++burst) {
        for (int number = 0; number < 20000; ++number) {
            const auto line = "line " + std::to_string(number) + " of " + std::to_string(burst) + "\n";
            svlogd.write(line);
            text += line;
        }
        REQUIRE(eventually([&] { return tree.current().size() >= text.size(); }));
    }
    CHECK((tree.current() == text));
    CHECK(svlogd.finish().code == 0);
}

TEST_CASE("HUP and ALRM under load, again and again, lose no line and double none")
{
    LogTree tree{"s100000\nn0\n"};
    Running svlogd{tree};
    const auto text = lines(1, 300000);
    std::thread writer{[&] {
        for (std::size_t at = 0; at < text.size(); at += 777) {
            const auto part = text.substr(at, 777);
            if (::write(svlogd.end(), part.data(), part.size()) != static_cast<ssize_t>(part.size())) return;
        }
    }};
    for (int turn = 0; turn < 300; ++turn) {
        svlogd.process->signal(turn % 2 == 0 ? SIGHUP : SIGALRM);
        REQUIRE(eventually([&] { return has_taken_signals(svlogd.process->pid()); }));
    }
    writer.join();
    CHECK(svlogd.finish().code == 0);
    CHECK((tree.everything() == text));
}
