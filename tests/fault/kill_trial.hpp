// One service and its log, a runsv that is killed at a chosen system call, and what the next one makes of it.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <cstring>
#include <memory>
#include <vector>

#include "scenario/runsv_numbered.hpp"
#include "support/kill_point.hpp"

namespace fault {

using namespace scenario;

enum class Expected { Up, Down, Either };

struct Trial : NumberedService {
    Expected expected = Expected::Up;
    int calls = 0;

    Trial()
    {
        script("run", "exec " RUNSUITE_SOAK_SERVICE " -r 30\n");
        script("finish", "exit 0\n");
        script("control/t", "exit 1\n");
    }

    // As far as its system call number `call`, or until service and log run.
    void start_until(int call)
    {
        ::mkfifo(tree.path("gate").c_str(), 0600);
        StartSpec spec;
        spec.argv = {"sh", "-c", "read go <gate; exec " + program("runsv") + " service"};
        spec.directory = tree.path();
        runsv = std::make_unique<Process>(spec);
        KillPoint point(runsv->pid(), SYS_pidfd_open);
        const int gate = ::open(tree.path("gate").c_str(), O_RDWR | O_CLOEXEC);
        REQUIRE(::write(gate, "\n", 1) == 1);
        calls = point.kill_at(call, [&] { return is_up() && stat_in(directory() + "/log") == "run"; });
        ::close(gate);
    }
    template <typename Claim>
    void tell_until(const std::string& command, int call, Claim is_over)
    {
        KillPoint point(runsv->pid());
        control(command);
        calls = point.kill_at(call, is_over);
    }

    bool is_up() const { return stat() == "run" && is_supervised(directory()) && is_alive(pid()); }
    bool is_down() const { return stat() == "down" && is_supervised(directory()) && pid() == 0; }
    bool is_as_expected() const
    {
        switch (expected) {
            case Expected::Up: return is_up();
            case Expected::Down: return is_down();
            case Expected::Either: return is_up() || is_down();
        }
        return false;
    }

    void hand_over()
    {
        if (runsv->is_running()) runsv->signal(SIGKILL);
        runsv->wait();
        launch();
    }
    void settle()
    {
        // As long as a child that was just made has the lock, the next runsv ends and is started again.
        const bool has_settled = eventually([&] {
            if (!runsv->is_running()) launch();
            return is_as_expected();
        });
        INFO("stat is '" << stat() << "', pid " << pid() << ", stderr: " << runsv->err());
        CHECK(has_settled);
        file("enough", "");
    }
    // With nothing more to come.
    void come_to_an_end()
    {
        // A control script that was at work is followed by a restart.
        const auto has_come = [&] {
            return !is_up() || logged().ends_with(std::to_string(counts().size()) + " end\n");
        };
        CHECK(eventually([&] { return is_as_expected() && has_come(); }));
        control("x");
    }
    void judge()
    {
        CHECK(runsv->wait().code == 0);
        CHECK(read("faults") == "");
        CHECK(fault_in_log() == "");
    }

private:
    std::vector<std::uint64_t> counts() const
    {
        const std::string bytes = read("written");
        std::vector<std::uint64_t> counts(bytes.size() / sizeof(std::uint64_t));
        std::memcpy(counts.data(), bytes.data(), counts.size() * sizeof(std::uint64_t));
        return counts;
    }
    // Every start's lines, once and in order; the last may have been written and not yet been counted.
    std::string fault_in_log() const
    {
        std::vector<std::uint64_t> seen(counts().size() + 1);
        std::istringstream lines(logged());
        std::ostringstream faults;
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::size_t start = 0;
            std::uint64_t number = 0;
            if (line.ends_with(" end")) continue;
            if (!(words >> start >> number) || start >= seen.size()) faults << "unknown line " << line << "; ";
            else if (number != ++seen[start]) faults << line << " comes as number " << seen[start] << "; ";
        }
        for (std::size_t start = 1; start < seen.size(); ++start) {
            const std::uint64_t written = counts()[start - 1];
            if (seen[start] < written || seen[start] > written + 1)
                faults << "start " << start << " wrote " << written << " lines, logged are " << seen[start]
                       << "; ";
        }
        return faults.str();
    }
};

enum class Prepared { Yes, No };

// Services that have run for more than a second, so that they are started again at once.
inline std::vector<std::unique_ptr<Trial>> trials(int count, Prepared prepared)
{
    std::vector<std::unique_ptr<Trial>> all;
    for (int number = 0; number < count; ++number) all.push_back(std::make_unique<Trial>());
    if (prepared == Prepared::No) return all;
    for (const auto& trial : all) trial->launch();
    for (const auto& trial : all) trial->wait_until("run");
    const auto young = std::chrono::steady_clock::now();
    REQUIRE(eventually([&] { return std::chrono::steady_clock::now() - young > 1100ms; }));
    return all;
}

// Every process that came of a trial, in the hands of a runsv or not.
inline bool nobody_is_left()
{
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    return children_of(::getpid()).empty();
}

inline std::string those_left()
{
    std::string words;
    for (const pid_t pid : children_of(::getpid())) {
        words += run({"ps", "-o", "pid,ppid,stat,wchan,args", "-p", std::to_string(pid)}).out;
    }
    return words;
}

// The trials from `first` on, all at once, since most of it is waiting.
template <typename Act>
void run_batch(int first, int count, Act act, Prepared prepared)
{
    const auto all = trials(count, prepared);
    const auto each = [&](auto what) {
        for (int number = 0; number < count; ++number) {
            INFO("killed at system call " << first + number);
            what(*all[static_cast<std::size_t>(number)], first + number);
        }
    };
    each(act);
    each([](Trial& trial, int) { trial.hand_over(); });
    each([](Trial& trial, int) { trial.settle(); });
    each([](Trial& trial, int) { trial.come_to_an_end(); });
    each([](Trial& trial, int) { trial.judge(); });
    const bool is_clean = eventually(nobody_is_left);
    INFO("killed at one of the " << count << " system calls from " << first << " on; left: " << those_left());
    CHECK(is_clean);
}

// Once to count the calls, then once for each.
template <typename Act>
void for_each_place(Act act, Prepared prepared = Prepared::Yes)
{
    int calls = 0;
    {
        const auto counted = trials(1, prepared);
        act(*counted[0], INT_MAX);
        calls = counted[0]->calls;
    }
    REQUIRE(calls > 10);
    constexpr int batch = 40;
    for (int first = 1; first <= calls; first += batch)
        run_batch(first, std::min(batch, calls + 1 - first), act, prepared);
}

}  // namespace fault
