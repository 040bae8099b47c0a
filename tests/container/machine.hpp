// runit as process 1 of a pid namespace of its own, with an /etc/runit of its own.
#pragma once

#include <csignal>
#include <iostream>
#include <memory>

#include "support/catch.hpp"
#include "support/services.hpp"

namespace machine {

using namespace support;
using namespace std::chrono_literals;

inline bool can_have_namespaces()
{
    static const bool can = run({"unshare", "-pfm", "--mount-proc", "sh", "-c",
                                 "mount -t tmpfs none /etc && setpriv --bounding-set -sys_boot true"})
                                .code == 0;
    if (!can) std::cerr << "skipped: no pid and mount namespaces are to be had here\n";
    return can;
}

// Lines without what is different each time: the time since boot.
inline std::string without_times(const std::string& text)
{
    std::string kept;
    bool is_time = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text.compare(at, 2, " [") == 0) is_time = true;
        if (!is_time) kept += text[at];
        if (text[at] == ']') is_time = false;
    }
    return kept;
}

// The stages are written with "$T" for the tree: every file of the test is there.
struct Machine {
    Tree tree;
    std::unique_ptr<Process> outside;  // unshare, which ends as process 1 does

    Machine()
    {
        stage("1", "true");
        stage("2", "exec sleep 1000000");
        stage("3", "true");
        tree.script("enter",
                    "mount -t tmpfs none /etc && mkdir /etc/runit && mount --bind $T/etc /etc/runit || exit 99\n"
                    "exec \"$@\"\n");
    }
    void stage(const std::string& name, const std::string& body) const { tree.script("etc/" + name, body + "\n"); }

    enum class Right { None, Reboot };
    // `under`: a program that becomes runit, as strace does.
    void boot(Right right = Right::None, const std::vector<std::string>& under = {})
    {
        StartSpec how;
        how.argv = {"unshare", "--kill-child", "-pfm", "--mount-proc", "sh", tree.path("enter")};
        if (right == Right::None) {
            for (const char* const word : {"setpriv", "--bounding-set", "-sys_boot"}) how.argv.push_back(word);
        }
        how.argv.insert(how.argv.end(), under.begin(), under.end());
        how.argv.push_back(ours("runit"));
        how.environment = {{"T", tree.path()}, {"INIT", ours("runit-init")}, {"STOPIT", "/etc/runit/stopit"}};
        how.environment["PATH"] = path_with_programs(tree.path("bin"));
        outside = std::make_unique<Process>(how);
    }
    std::string said() const { return without_times(outside->err()); }
    void wait_for(const std::string& words) const
    {
        const bool is_there = eventually([&] { return contains(said(), words); });
        INFO(said());
        REQUIRE(is_there);
    }
    void wait_for_file(const std::string& name) const
    {
        const bool is_there = eventually([&] { return tree.has(name); });
        INFO(said());
        REQUIRE(is_there);
    }
    // As seen from here.
    pid_t first() const
    {
        const auto children = children_of(outside->pid());
        return children.size() == 1 ? children[0] : 0;
    }
    void signal(int number) const { ::kill(first(), number); }
    // What init does, from outside of the namespace.
    void set(const std::string& flag) const { tree.file("etc/" + flag, "", 0100); }
    Finished stop()
    {
        set("stopit");
        signal(SIGCONT);
        return outside->wait();
    }
};

}  // namespace machine
