// What a service inherits: each line of the table in runsv(8).
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "runsv_fixture.hpp"

using namespace scenario;

namespace {

std::string proc(pid_t pid, const std::string& file)
{
    std::ifstream in("/proc/" + std::to_string(pid) + "/" + file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string link(pid_t pid, const std::string& name)
{
    return std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/" + name);
}

bool is_tail(pid_t pid)
{
    std::error_code unknown;
    const auto program = std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/exe", unknown);
    return program.filename() == "tail";
}

unsigned long long signals(pid_t pid, const std::string& field)
{
    return std::stoull(proc_field(pid, field), nullptr, 16);
}

unsigned long long bit(int signal)
{
    return 1ULL << (signal - 1);
}

// Started in a state that is unlike the usual one. Its ./run and log/run are no shells, which may change what they were given.
struct Unusual : OneService {
    Unusual()
    {
        tree.file("service/run", "#!/usr/bin/tail -f\n", 0755);
        tree.file("service/log/run", "#!/usr/bin/tail -f\n", 0755);
        StartSpec spec;
        spec.argv = {"sh",
                     "-c",
                     "umask 027; ulimit -n 123; ulimit -c 0; exec env --ignore-signal=INT,PIPE "
                     "--block-signal=USR2 nice -n 5 \"$@\" 7</dev/null",
                     "sh",
                     program("runsv"),
                     "service"};
        spec.directory = tree.path();
        spec.environment["UNUSUAL"] = "a b=c";
        runsv = std::make_unique<Process>(spec);
        wait_until("run");
        REQUIRE(eventually([&] { return is_tail(pid()) && is_tail(log_pid()); }));
    }
};

}  // namespace

TEST_CASE("umask, limits, priority, cgroup and score of a service are those of its runsv", "[shared]")
{
    const Unusual one;
    for (const pid_t pid : {one.pid(), one.log_pid()}) {
        CHECK(proc_field(pid, "Umask") == "0027");
        CHECK(proc(pid, "limits") == proc(one.runsv->pid(), "limits"));
        CHECK(proc(pid, "limits").find("Max open files            123 ") != std::string::npos);
        CHECK(::getpriority(PRIO_PROCESS, static_cast<id_t>(pid)) ==
              ::getpriority(PRIO_PROCESS, static_cast<id_t>(one.runsv->pid())));
        CHECK(::getpriority(PRIO_PROCESS, static_cast<id_t>(pid)) != ::getpriority(PRIO_PROCESS, 0));
        CHECK(proc(pid, "cgroup") == proc(one.runsv->pid(), "cgroup"));
        CHECK(proc(pid, "oom_score_adj") == proc(one.runsv->pid(), "oom_score_adj"));
    }
}

TEST_CASE("session, process group, environment and users of a service are those of its runsv", "[shared]")
{
    const Unusual one;
    for (const pid_t pid : {one.pid(), one.log_pid()}) {
        CHECK(::getsid(pid) == ::getsid(one.runsv->pid()));
        CHECK(::getpgid(pid) == ::getpgid(one.runsv->pid()));
        CHECK(proc(pid, "environ") == proc(one.runsv->pid(), "environ"));
        CHECK(proc(pid, "environ").find(std::string("UNUSUAL=a b=c") + '\0') != std::string::npos);
        for (const char* field : {"Uid", "Gid", "Groups", "CapEff", "CapBnd", "NoNewPrivs"})
            CHECK(proc_field(pid, field) == proc_field(one.runsv->pid(), field));
    }
}

TEST_CASE("a signal that runsv was started with ignored or blocked stays so, TERM and CHLD are open", "[shared]")
{
    const Unusual one;
    for (const pid_t pid : {one.pid(), one.log_pid()}) {
        CHECK(signals(pid, "SigIgn") == (bit(SIGINT) | bit(SIGPIPE)));
        CHECK(signals(pid, "SigBlk") == bit(SIGUSR2));
    }
}

TEST_CASE("a service runs in its directory, its log in log, with the descriptors that runsv was started with",
          "[shared]")
{
    const Unusual one;
    CHECK(link(one.pid(), "cwd") == one.directory());
    CHECK(link(one.log_pid(), "cwd") == one.directory() + "/log");
    CHECK(link(one.pid(), "fd/0") == "/dev/null");
    CHECK(link(one.pid(), "fd/2") == link(one.runsv->pid(), "fd/2"));
    CHECK(link(one.log_pid(), "fd/1") == link(one.runsv->pid(), "fd/1"));
    for (const pid_t pid : {one.pid(), one.log_pid()}) {
        CHECK(link(pid, "fd/7") == "/dev/null");
        // tail(1) itself has its file open, a watch of it perhaps, and for a moment its locale.
        const auto is_expected = [pid](int fd) {
            std::error_code unknown;
            const std::string name = "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(fd);
            const std::string what = std::filesystem::read_symlink(name, unknown);
            return fd <= 2 || fd == 7 || what.ends_with("/run") || what.ends_with("inotify");
        };
        CHECK(eventually([&] {
            const auto open = descriptors_of(pid);
            return std::all_of(open.begin(), open.end(), is_expected);
        }));
    }
}
