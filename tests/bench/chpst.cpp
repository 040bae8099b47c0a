// What a start through chpst costs: from fork to the end of a static program that only exits, the median of many
// rounds in which every program has its turn, so that a busy machine is equally busy for all of them.
//
// Under a hypervisor the dynamic programs differ by little: the start of glibc asks the processor about itself with some
// 70 CPUID instructions, and where each of them leaves the guest, they are most of what such a program costs.
//
//   bench_chpst [ROUNDS [NAME=CHPST...]]      NAME=CHPST: further builds of ours, as musl=build/static/bin/chpst
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace {

using Words = std::vector<std::string>;

struct Contender {
    std::string name;
    Words command;
    std::vector<double> microseconds;
};

struct Case {
    std::string title;
    std::vector<Contender> contenders;
};

struct Build {
    std::string name;
    std::string chpst;
};

double run_once(const Words& command)
{
    std::vector<char*> argv;
    for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    const auto start = std::chrono::steady_clock::now();
    pid_t pid = 0;
    if (::posix_spawn(&pid, argv[0], nullptr, nullptr, argv.data(), environ) != 0) return -1;
    int status = 0;
    ::waitpid(pid, &status, 0);
    const std::chrono::duration<double, std::micro> taken = std::chrono::steady_clock::now() - start;
    return status == 0 ? taken.count() : -1;
}

double median(std::vector<double> values)
{
    if (values.empty()) return 0;
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                     values.end());
    return values[values.size() / 2];
}

// Adds the program where it is installed and the command works.
void add(Case& to, const std::string& name, const Words& command)
{
    if (!std::filesystem::exists(command[0])) return;
    if (run_once(command) >= 0) to.contenders.push_back({name, command, {}});
    else std::printf("%s: %s does not work here\n", to.title.c_str(), name.c_str());
}

Words with(Words words, const Words& more)
{
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

void make_env_directory(const std::string& path)
{
    std::filesystem::create_directories(path);
    for (int number = 0; number < 20; ++number) {
        std::ofstream(path + "/VARIABLE_" + std::to_string(number)) << "value of it\n";
    }
}

std::vector<Case> make_cases(const std::vector<Build>& builds, const std::string& exit, const std::string& env)
{
    const auto ours = [&](Case& to, const Words& options) {
        for (const auto& build : builds) add(to, build.name, with(with({build.chpst}, options), {exit}));
    };
    Case bare{"nothing (the static program alone)", {}};
    add(bare, "bare", {exit});

    Case user{"-u nobody", {}};
    ours(user, {"-u", "nobody"});
    add(user, "daemontools", {"/usr/bin/setuidgid", "nobody", exit});
    add(user, "setpriv", {"/usr/bin/setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", exit});
    add(user, "s6", {"/usr/bin/s6-setuidgid", "nobody", exit});

    Case variables{"-e with 20 variables", {}};
    ours(variables, {"-e", env});
    add(variables, "daemontools", {"/usr/bin/envdir", env, exit});
    add(variables, "s6", {"/usr/bin/s6-envdir", env, exit});

    Case limits{"-o 64 -n 5 -P", {}};
    ours(limits, {"-o", "64", "-n", "5", "-P"});
    add(limits, "daemontools",
        {"/usr/bin/softlimit", "-o", "64", "/usr/bin/nice", "-n", "5", "/usr/bin/pgrphack", exit});
    add(limits, "s6",
        {"/usr/bin/s6-softlimit", "-o", "64", "/usr/bin/nice", "-n", "5", "/usr/bin/s6-setsid", exit});
    return {bare, user, variables, limits};
}

void measure(std::vector<Case>& cases, int rounds)
{
    std::mt19937 random{1};
    for (int round = 0; round < rounds; ++round) {
        for (auto& each : cases) {
            std::vector<Contender*> turn;
            for (auto& contender : each.contenders) turn.push_back(&contender);
            std::shuffle(turn.begin(), turn.end(), random);
            for (auto* contender : turn) contender->microseconds.push_back(run_once(contender->command));
        }
    }
}

void print(const Case& each)
{
    std::printf("\n%s\n", each.title.c_str());
    double reference = 0;
    for (const auto& contender : each.contenders) {
        if (contender.name == "reference") reference = median(contender.microseconds);
    }
    for (const auto& contender : each.contenders) {
        const double here = median(contender.microseconds);
        std::printf("  %-12s %8.0f us", contender.name.c_str(), here);
        if (reference > 0) std::printf("  %5.2f x reference", here / reference);
        std::printf("\n");
    }
}

}  // namespace

int main(int argc, char* argv[])
{
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 500;
    std::vector<Build> builds{{"ours", RUNSUITE_BIN "/chpst"}, {"reference", "/usr/bin/chpst"}};
    for (int at = 2; at < argc; ++at) {
        const std::string word = argv[at];
        const auto equals = word.find('=');
        if (equals != std::string::npos) builds.push_back({word.substr(0, equals), word.substr(equals + 1)});
    }
    const auto place = std::filesystem::temp_directory_path() / ("bench-chpst-" + std::to_string(::getpid()));
    make_env_directory(place);

    auto cases = make_cases(builds, RUNSUITE_BENCH_EXIT, place);
    measure(cases, rounds);
    for (const auto& each : cases) print(each);
    std::filesystem::remove_all(place);
}
