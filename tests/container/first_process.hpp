// runsvdir as process 1 of a pid namespace of its own, with a /proc of its own.
#pragma once

#include <csignal>
#include <iostream>
#include <memory>

#include "support/catch.hpp"
#include "support/services.hpp"

namespace container {

using namespace support;
using namespace std::chrono_literals;

inline bool can_have_namespaces()
{
    static const bool can = run({"unshare", "-pf", "--mount-proc", "true"}).code == 0;
    if (!can) std::cerr << "skipped: no pid namespace is to be had here\n";
    return can;
}

// A service that writes `name` to ../told when it gets a TERM, `after` that many seconds.
inline std::string writes_when_told(const std::string& name, const std::string& after = "0")
{
    return "trap 'sleep " + after + "; echo " + name + " >>../../told; exit' TERM\necho " + name +
           " >>../../started\nwhile :; do sleep 0.01; done\n";
}

struct FirstProcess : Services {
    std::unique_ptr<Process> outside;  // unshare, which ends as process 1 does

    void launch(std::vector<std::string> options = {}, std::vector<std::string> more = {},
                std::vector<std::string> unshare = {"unshare", "-pf", "--mount-proc"})
    {
        options.push_back(directory());
        start(std::move(options), std::move(more), std::move(unshare));
    }
    void launch_on(const std::string& services) { start({services}, {}, {"unshare", "-pf", "--mount-proc"}); }
    pid_t first()  // as seen from here
    {
        REQUIRE(eventually([&] {
            if (first_ != 0) return true;
            const auto children = children_of(outside->pid());
            const auto words = children.size() == 1 ? arguments_of(children[0]) : std::vector<std::string>{};
            if (!words.empty() && words[0].ends_with("runsvdir")) first_ = children[0];
            return first_ != 0;
        }));
        return first_;
    }
    void wait_until_up(const std::string& name)
    {
        const bool is_up = eventually([&] { return stat_in(of(name)) == "run" && is_supervised(of(name)); });
        INFO(outside->err());
        REQUIRE(is_up);
    }
    // Until the service itself says so: its traps are set then.
    void wait_until_started(const std::string& name)
    {
        const bool has_started = eventually([&] { return contains(tree.read("started"), name + "\n"); });
        INFO(outside->err());
        REQUIRE(has_started);
    }
    void signal(int number) { ::kill(first(), number); }
    Finished stop(int number = SIGTERM)
    {
        signal(number);
        return outside->wait();
    }
    std::string err() const { return outside->err(); }

private:
    void start(std::vector<std::string> options, std::vector<std::string> more, std::vector<std::string> unshare)
    {
        StartSpec how = spec({});
        options.insert(options.end(), more.begin(), more.end());
        how.argv.insert(how.argv.end(), options.begin(), options.end());
        how.argv.insert(how.argv.begin(), unshare.begin(), unshare.end());
        first_ = 0;
        outside = std::make_unique<Process>(how);
    }

    pid_t first_ = 0;
};

}  // namespace container
