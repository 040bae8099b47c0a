#include "posix/spawn.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "posix/child.hpp"
#include "posix/signals.hpp"
#include "support/catch.hpp"
#include "support/sanitizer.hpp"
#include "support/tree.hpp"

using namespace runsuite;

namespace {

// A shell that runs `script` in the state that `spec` asks for.
child::Trace shell(const char* script, SpawnSpec spec = {}, std::span<const Redirect> redirects = {})
{
    const char* const argv[] = {"sh", "-c", script, nullptr};
    spec.program = "/bin/sh";
    spec.argv = argv;
    return child::spawn_and_wait(spec, redirects);
}

child::Trace descriptors(std::span<const Redirect> redirects)
{
    const std::string self = child::self();
    const char* const argv[] = {"self", child::list_descriptors, nullptr};
    SpawnSpec spec;
    spec.program = self.c_str();
    spec.argv = argv;
    return child::spawn_and_wait(spec, redirects);
}

Error failure_of(const std::string& program)
{
    const char* const argv[] = {"x", nullptr};
    SpawnSpec spec;
    spec.program = program.c_str();
    spec.argv = argv;
    const auto trace = child::spawn_and_wait(spec);
    CHECK(trace.code == exit_not_run);
    CHECK(std::string(trace.not_run.doing != nullptr ? trace.not_run.doing : "") == "run");
    return trace.not_run;
}

}  // namespace

TEST_CASE("a child gets its arguments as they are, the first one too")
{
    const char* const argv[] = {"a name", "-c", "tr '\\0' '|' </proc/$$/cmdline", "", "two words", nullptr};
    SpawnSpec spec;
    spec.program = "/bin/sh";
    spec.argv = argv;
    const auto trace = child::spawn_and_wait(spec);
    CHECK(trace.out == "a name|-c|tr '\\0' '|' </proc/$$/cmdline||two words|");
    CHECK(trace.code == 0);
    CHECK_FALSE(trace.not_run);
}

TEST_CASE("a child has our environment, or the one that is given")
{
    ::setenv("RUNSUITE_TEST", "ours", 1);
    CHECK(shell("echo $RUNSUITE_TEST").out == "ours\n");
    const char* const environment[] = {"RUNSUITE_TEST=given", nullptr};
    SpawnSpec spec;
    spec.environment = environment;
    CHECK(shell("echo $RUNSUITE_TEST", spec).out == "given\n");
    ::unsetenv("RUNSUITE_TEST");
}

TEST_CASE("a child starts in its directory and leaves ours alone")
{
    support::Tree tree;
    const std::string where = tree.path();
    SpawnSpec spec;
    spec.directory = where.c_str();
    CHECK(shell("pwd", spec).out == where + "\n");
    CHECK(shell("pwd").out != where + "\n");
}

TEST_CASE("a directory that is missing is reported, and the child exits 111")
{
    if (!support::hears_children()) return;
    SpawnSpec spec;
    spec.directory = "/does/not/exist";
    const auto trace = shell("echo ran", spec);
    CHECK(trace.not_run.code == ENOENT);
    CHECK(std::string(trace.not_run.doing) == "change directory");
    CHECK(trace.code == exit_not_run);
    CHECK(trace.out.empty());
}

TEST_CASE("a descriptor that cannot be redirected is reported, and the child exits 111")
{
    if (!support::hears_children()) return;
    const Redirect closed[] = {{1000, 2}};
    const auto trace = shell("echo ran", {}, closed);
    CHECK(trace.not_run.code == EBADF);
    CHECK(trace.code == exit_not_run);
}

TEST_CASE("redirects are carried out in their order")
{
    const Redirect swapped[] = {{1, 9}, {2, 1}, {9, 2}};
    const auto trace = shell("echo kept >&2", {}, swapped);
    CHECK(trace.out == "kept\n");
}

TEST_CASE("a redirect of a descriptor to itself keeps it open in the program")
{
    child::close_inherited();
    const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const Redirect itself[] = {{fd, fd}};
    CHECK(descriptors(itself).out == "0 1 2 " + std::to_string(fd) + " ");
    CHECK(descriptors({}).out == "0 1 2 ");
    CHECK((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    ::close(fd);
}

TEST_CASE("no descriptor but the redirected ones gets through")
{
    child::close_inherited();
    const int one = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int two = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const Redirect to_seven[] = {{two, 7}};
    CHECK(descriptors(to_seven).out == "0 1 2 7 ");
    ::close(one);
    ::close(two);
}

TEST_CASE("a child has the signal mask that is given")
{
    sigset_t mask;
    ::sigemptyset(&mask);
    ::sigaddset(&mask, SIGUSR1);
    SpawnSpec spec;
    spec.mask = &mask;
    CHECK(shell("exec grep SigBlk /proc/self/status", spec).out == "SigBlk:\t0000000000000200\n");
}

TEST_CASE("caught signals are at their default in a child, ignored ones stay ignored")
{
    CHECK(child::holds([] {
        for (int signal = 1; signal < 32; ++signal) ::signal(signal, signal == SIGUSR2 ? SIG_IGN : SIG_DFL);
        Signals signals;
        if (!signals.open({SIGTERM, SIGCHLD})) return false;
        SpawnSpec spec;
        spec.mask = &signals.child_mask();
        const auto trace = shell("exec cat /proc/self/status", spec);
        return trace.out.find(
                   "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000800\nSigCgt:\t0000000000000000\n") !=
               std::string::npos;
    }));
}

TEST_CASE("a signal for the parent that comes in during a spawn is not lost")
{
    CHECK(child::holds([] {
        Signals signals;
        if (!signals.open({SIGTERM})) return false;
        ::raise(SIGTERM);
        SpawnSpec spec;
        spec.mask = &signals.child_mask();
        if (shell("true", spec).code != 0 || !signals.wait({}, std::chrono::nanoseconds{0})) return false;
        return Signals::take(SIGTERM);
    }));
}

TEST_CASE("a child has its own session when that is asked for")
{
    const char* const script =
        "read -r pid name state parent group session rest </proc/$$/stat; test $session = $$";
    SpawnSpec spec;
    CHECK(shell(script, spec).code == 1);
    spec.own_session = true;
    CHECK(shell(script, spec).code == 0);
}

TEST_CASE("a program that cannot be run is reported with its reason, and the child exits 111")
{
    if (!support::hears_children()) return;
    support::Tree tree;
    tree.file("text", "#!/bin/sh\n", 0644);
    tree.file("interpreter", "#!/no/such/interpreter\n", 0755);
    tree.file("headless", "echo ran\n", 0755);
    tree.directory("folder");
    CHECK(failure_of(tree.path("missing")).code == ENOENT);
    CHECK(failure_of(tree.path("text")).code == EACCES);
    CHECK(failure_of(tree.path("interpreter")).code == ENOENT);
    CHECK(failure_of(tree.path("headless")).code == ENOEXEC);
    CHECK(failure_of(tree.path("folder")).code == EACCES);
}

TEST_CASE("a spawn needs no descriptor")
{
    CHECK(child::holds([] {
        const rlimit none{3, 3};
        ::setrlimit(RLIMIT_NOFILE, &none);
        const char* const argv[] = {"true", nullptr};
        SpawnSpec spec;
        spec.program = "/bin/true";
        spec.argv = argv;
        auto spawned = spawn(spec);
        int status = -1;
        return spawned && !spawned->not_run && ::waitpid(spawned->pid, &status, 0) > 0 && WIFEXITED(status);
    }));
}

TEST_CASE("a process that cannot be made is a failure to fork")
{
    if (!child::is_root()) {
        WARN("only root can become a user that is out of processes");
        return;
    }
    CHECK(child::holds([] {
        const rlimit one{1, 1};
        ::setrlimit(RLIMIT_NPROC, &one);
        if (::setgroups(0, nullptr) < 0 || ::setgid(64321) < 0 || ::setuid(64321) < 0) return false;
        if (::fork() == 0) {  // the limit counts other processes of the user
            const char* const argv[] = {"true", nullptr};
            SpawnSpec spec;
            spec.program = "/bin/true";
            spec.argv = argv;
            const auto spawned = spawn(spec);
            ::_exit(!spawned && spawned.error() == Error{spawned.error().doing, EAGAIN} ? 0 : 1);
        }
        int status = -1;
        if (::wait(&status) < 0) return true;  // it was this fork that the limit stopped
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }));
}

TEST_CASE("a child in a session of its own gets the terminal on descriptor 0 as that of the session")
{
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(master >= 0);
    REQUIRE(::grantpt(master) == 0);
    REQUIRE(::unlockpt(master) == 0);
    const int terminal = ::open(::ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(terminal >= 0);
    const Redirect redirects[] = {{terminal, 0}};
    for (const bool is_wanted : {true, false}) {
        SpawnSpec spec;
        spec.own_session = true;
        spec.controlling_terminal = is_wanted;
        CHECK(shell("(: </dev/tty) 2>/dev/null && echo has || echo none", spec, redirects).out ==
              (is_wanted ? "has\n" : "none\n"));
    }
    ::close(terminal);
    ::close(master);
}
