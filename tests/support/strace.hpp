// Kernel calls that fail on order, by strace(1): the traced program keeps its own pid, its children are not traced.
#pragma once

#include <csignal>
#include <iostream>

#include "support/catch.hpp"
#include "support/process.hpp"

namespace support {

inline bool has_strace()
{
    const bool has = run({"sh", "-c", "strace -D -o /dev/null true"}).code == 0;
    if (!has) std::cerr << "skipped: strace is missing or may not trace\n";
    return has;
}

// `calls` and `how` as in strace's option: ("vfork", "error=EAGAIN:when=1").
inline StartSpec with_failing(StartSpec spec, const std::string& calls, const std::string& how)
{
    spec.argv.insert(spec.argv.begin(), {"strace", "-D", "-qq", "-o", "/dev/null", "-e", "signal=none", "-e",
                                         "trace=" + calls, "-e", "inject=" + calls + ":" + how});
    return spec;
}

// The same for a program that runs already, as long as this lives.
class Blocker {
public:
    Blocker(pid_t pid, const std::string& calls, const std::string& code) : strace_(spec(pid, calls, code))
    {
        REQUIRE(eventually([&] { return proc_field(pid, "TracerPid") != "0"; }));
    }
    Blocker(const Blocker&) = delete;
    Blocker& operator=(const Blocker&) = delete;
    ~Blocker()
    {
        strace_.signal(SIGTERM);
        strace_.wait();
    }

private:
    static StartSpec spec(pid_t pid, const std::string& calls, const std::string& code)
    {
        StartSpec spec;
        spec.argv = {"strace", "-qq",
                     "-o",     "/dev/null",
                     "-e",     "signal=none",
                     "-e",     "trace=" + calls,
                     "-e",     "inject=" + calls + ":error=" + code,
                     "-p",     std::to_string(pid)};
        return spec;
    }

    Process strace_;
};

}  // namespace support
