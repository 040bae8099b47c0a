// sv while the kernel refuses this or that: it tells the reason, or does without.
#include <sys/resource.h>

#include <iostream>

#include "scenario/sv_support.hpp"
#include "support/catch.hpp"
#include "support/sanitizer.hpp"

using namespace sv_support;

namespace {

// sv under strace(1), which makes system calls fail: "CALLS:error=..." as its option inject has it.
StartSpec with_fault(const Tree& tree, const std::string& fault, const std::vector<std::string>& words,
                     const std::string& path = "")
{
    StartSpec spec = sv_spec(tree, words);
    const std::string calls = fault.substr(0, fault.find(':'));
    spec.argv.insert(spec.argv.begin(), {"strace", "-f", "-qq", "-e", "signal=none", "-o", "/dev/null", "-e",
                                         "trace=" + calls, "-e", "inject=" + fault});
    // Only calls on that file, or the start of the program would fail already.
    if (!path.empty()) spec.argv.insert(spec.argv.begin() + 1, {"-P", path});
    spec.environment["ASAN_OPTIONS"] = "detect_leaks=0";  // it cannot look while it is traced
    return spec;
}

// Not on every machine, and not everywhere allowed.
bool can_trace()
{
    static const bool can = run({"sh", "-c", "strace -o /dev/null true"}).code == 0;
    if (!can) std::cout << "skipped: strace does not work here\n";
    return can;
}

StartSpec with_descriptors(const Tree& tree, int count, const std::vector<std::string>& words)
{
    StartSpec spec = sv_spec(tree, words);
    // What was left open to us would count too.
    const std::string line =
        "exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; ulimit -n " + std::to_string(count) + "; exec \"$@\"";
    spec.argv.insert(spec.argv.begin(), {"sh", "-c", line, "sh"});
    return spec;
}

// Takes what comes until `process` has ended, and answers a restart with a new process, twenty times a second at most.
Finished serve(const Counterfeit& service, Process& process)
{
    unsigned pid = 100;
    eventually([&] {
        if (!service.take().empty()) service.publish(running(0, ++pid));
        return !process.is_running();
    });
    return process.wait();
}

}  // namespace

TEST_CASE("without any events sv waits by looking")
{
    if (!can_trace()) return;
    Tree tree;
    const Counterfeit web{tree, "web", running(10, 100)};
    Process restart{with_fault(tree, "fcntl,inotify_init1:error=ENOSYS", {"-w", "20", "restart", "web"})};
    CHECK(without_numbers(serve(web, restart).out) == "ok: run: web: (pid N) Ts\n");
}

TEST_CASE("without directory signals sv waits by inotify")
{
    if (!can_trace()) return;
    Tree tree;
    const Counterfeit web{tree, "web", running(10, 100)};
    Process restart{with_fault(tree, "fcntl:error=EINVAL", {"-w", "20", "restart", "web"})};
    CHECK(without_numbers(serve(web, restart).out) == "ok: run: web: (pid N) Ts\n");
}

TEST_CASE("without room for one more watch sv waits by looking")
{
    if (!can_trace()) return;
    Tree tree;
    const Counterfeit web{tree, "web", running(10, 100)};
    Process restart{with_fault(tree, "fcntl,inotify_add_watch:error=ENOSPC", {"-w", "20", "restart", "web"})};
    CHECK(without_numbers(serve(web, restart).out) == "ok: run: web: (pid N) Ts\n");
}

TEST_CASE("where the pipe does not tell how full it is the status alone decides")
{
    if (!can_trace()) return;
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    const auto told = run(with_fault(tree, "ioctl:error=ENOTTY", {"-w", "20", "start", "web"}));
    CHECK(without_numbers(told.out) == "ok: run: web: (pid N) Ts\n");
}

TEST_CASE("a status that cannot be read for a while is read later")
{
    if (!can_trace()) return;
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    Process start{with_fault(tree, "openat:error=EIO:when=1..3", {"-w", "20", "start", "web"},
                             tree.path("web/supervise/status"))};
    CHECK(without_numbers(serve(web, start).out) == "ok: run: web: (pid N) Ts\n");
}

TEST_CASE("a write that fails is told and counted")
{
    if (!can_trace()) return;
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    const auto told = run(with_fault(tree, "write:error=EIO", {"up", "web"}, tree.path("web/supervise/control")));
    CHECK(told.out == "warning: web: unable to write to supervise/control: input/output error\n");
    CHECK(told.code == 1);
}

TEST_CASE("no process for ./check at first is no failure")
{
    if (!can_trace()) return;
    Tree tree;
    tree.script("web/check", "exit 0\n");
    const Counterfeit web{tree, "web", running()};
    Process check{with_fault(tree, "vfork,clone,clone3:error=EAGAIN:when=1..2", {"-w", "20", "check", "web"})};
    CHECK(without_numbers(check.wait().out) == "ok: run: web: (pid N) Ts\n");
}

TEST_CASE("no process for ./check at all is a timeout")
{
    if (!can_trace()) return;
    Tree tree;
    tree.script("web/check", "exit 0\n");
    const Counterfeit web{tree, "web", running()};
    const auto told = run(with_fault(tree, "vfork,clone,clone3,fork:error=EAGAIN", {"-w", "1", "check", "web"}));
    CHECK(without_numbers(told.out) == "timeout: run: web: (pid N) Ts\n");
}

TEST_CASE("without memory for its table sv gives up and says so")
{
    if (is_sanitized) {
        std::cerr << "skipped: a sanitizer needs more memory than that itself\n";
        return;
    }
    Tree tree;
    std::vector<std::string> words(20000, "web");
    words[0] = "up";
    StartSpec spec = sv_spec(tree, words);
    spec.argv.insert(spec.argv.begin(), {"sh", "-c", "ulimit -d 1500; exec \"$@\"", "sh"});
    const auto told = run(spec);
    CHECK(told.err == "sv: fatal: unable to allocate memory: out of memory\n");
    CHECK(told.code == 100);
}

TEST_CASE("when descriptors are short those that only make waiting sharper are given up")
{
    Tree tree;
    std::vector<std::unique_ptr<Counterfeit>> all;
    std::vector<std::string> words{"-w", "20", "restart"};
    for (int at = 0; at < 30; ++at) {
        words.push_back("s" + std::to_string(at));
        all.push_back(std::make_unique<Counterfeit>(tree, words.back(), running(10, 100)));
    }
    Process restart{with_descriptors(tree, 12, words)};
    unsigned pid = 100;
    eventually([&] {
        for (auto& one : all) {
            if (!one->take().empty()) one->publish(running(0, ++pid));
        }
        return !restart.is_running();
    });
    const auto told = restart.wait();
    INFO(told.out);
    CHECK(told.code == 0);
}

TEST_CASE("without any descriptor the reason is told for each service")
{
    Tree tree;
    const Counterfeit one{tree, "one", running()};
    const Counterfeit two{tree, "two", running()};
    for (const char* word : {"status", "stop"}) {
        const auto told = run(with_descriptors(tree, 4, {"-w", "0", word, "one", "two"}));
        INFO(told.out << told.err);
        CHECK(told.code == 2);
        CHECK(told.out.find("one: unable to ") != std::string::npos);
        CHECK(told.out.find("two: unable to ") != std::string::npos);
        CHECK(told.out.find("process cannot open more files") != std::string::npos);
    }
}

TEST_CASE("a report that cannot be written is a failure, and told")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    for (const std::string words : {"status web", "check web", "status", "--help", "--version"}) {
        auto spec = sv_spec(tree, {});
        spec.argv = {"/bin/sh", "-c", program("sv") + " " + words + " > /dev/full"};
        const auto told = run(spec);
        CHECK(told.err == "sv: fatal: unable to write to standard output: out of disk space\n");
        CHECK(told.code == 100);
    }
}
