// The words that a runsv was started with: they move in its memory, and nobody is to notice.
#include <sys/prctl.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "scenario/runsv_fixture.hpp"
#include "support/strace.hpp"

using namespace scenario;

namespace {

using Words = std::vector<std::string>;

std::string in_proc(pid_t pid, const std::string& name)
{
    std::ifstream in("/proc/" + std::to_string(pid) + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string joined(const Words& words, char end)
{
    std::string text;
    for (const std::string& word : words) text += word + end;
    return text;
}

// A runsv in this environment and no other, by a path that runs env(1).
struct WithEnvironment : OneService {
    Words environment;

    explicit WithEnvironment(Words variables) : environment(std::move(variables))
    {
        script("run", "env >environment.new && mv environment.new environment\n" + std::string(stay));
    }
    StartSpec spec() const
    {
        StartSpec spec{{"/usr/bin/env", "-i"}, tree.path(), {}};
        spec.argv.insert(spec.argv.end(), environment.begin(), environment.end());
        spec.argv.insert(spec.argv.end(), {program("runsv"), "service"});
        return spec;
    }
    void check_words() const
    {
        for (const std::string& variable : environment) wait_for_text("environment", variable + "\n");
        CHECK(in_proc(runsv->pid(), "cmdline") == joined({program("runsv"), "service"}, '\0'));
        CHECK(in_proc(runsv->pid(), "environ") == joined(environment, '\0'));
    }
    void start(const StartSpec& how)
    {
        runsv = std::make_unique<Process>(how);
        check_words();
    }
};

const Words few{"PATH=/usr/bin:/bin", "EMPTY=", "LAST=two words"};

// How many pages there are from the beginning of the stack to the last word; see proc(5).
std::uintptr_t pages_to_last_word(pid_t pid)
{
    constexpr int start_stack = 28;
    constexpr int env_end = 51;
    std::istringstream fields(in_proc(pid, "stat"));
    std::vector<std::string> all{""};  // counted from 1
    for (std::string field; fields >> field;) all.push_back(field);
    REQUIRE(all.size() > env_end);
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    return (std::stoul(all[env_end]) - 1) / page - std::stoul(all[start_stack]) / page;
}

}  // namespace

TEST_CASE("ps(1), /proc/PID/environ and the service have the words that runsv was started with")
{
    for (int layout = 0; layout < 8; ++layout) {  // a random one each time
        WithEnvironment one(few);
        one.start(one.spec());
    }
}

TEST_CASE("the words that runsv was started with keep no page for themselves")
{
    unsigned int size = 0;
    if (::prctl(PR_SET_MM, PR_SET_MM_MAP_SIZE, &size, 0, 0) != 0) {
        std::cerr << "skipped: this kernel cannot be told where the words of a process are\n";
        return;
    }
    for (int layout = 0; layout < 8; ++layout) {
        WithEnvironment one(few);
        one.start(one.spec());
        CHECK(pages_to_last_word(one.runsv->pid()) <= 1);
    }
}

TEST_CASE("a large environment stays whole")
{
    Words many;
    for (int number = 0; number < 40; ++number) {
        many.push_back("VARIABLE_" + std::to_string(number) + "=" + std::string(2000, 'x'));
    }
    many.push_back(few[0]);
    WithEnvironment one(many);
    one.start(one.spec());
}

TEST_CASE("where the kernel cannot be told of other places the words stay in theirs")
{
    if (!has_strace()) return;
    for (int layout = 0; layout < 4; ++layout) {
        WithEnvironment one(few);
        one.start(with_failing(one.spec(), "prctl", "error=EPERM"));
    }
}
