#include "posix/child.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"

namespace child {

namespace {

std::string contents_of(int fd)
{
    std::string text;
    char buffer[4096];
    for (ssize_t count; (count = ::pread(fd, buffer, sizeof buffer, static_cast<off_t>(text.size()))) > 0;) {
        text.append(buffer, static_cast<std::size_t>(count));
    }
    return text;
}

bool own_mounts()
{
    return ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

}  // namespace

Trace spawn_and_wait(runsuite::SpawnSpec spec, std::span<const runsuite::Redirect> redirects)
{
    const int output = ::memfd_create("out", MFD_CLOEXEC);
    std::vector<runsuite::Redirect> all{{output, 1}};
    all.insert(all.end(), redirects.begin(), redirects.end());
    spec.redirects = all;
    auto spawned = runsuite::spawn(spec);
    if (!spawned) throw std::runtime_error(spawned.error().doing);
    int status = 0;
    ::waitpid(spawned->pid, &status, 0);
    Trace trace{spawned->not_run, WIFEXITED(status) ? WEXITSTATUS(status) : -1, contents_of(output)};
    ::close(output);
    return trace;
}

Trace spawn_and_wait(runsuite::SpawnSpec spec)
{
    return spawn_and_wait(spec, {});
}

bool holds(const std::function<bool()>& claim)
{
    std::cout << std::flush;  // or a sanitizer writes it a second time, at the end of the copy
    std::fflush(stdout);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::alarm(10);
        ::_exit(claim() ? 0 : 1);
    }
    int status = -1;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool is_root()
{
    return ::geteuid() == 0;
}

bool can_mount()
{
    return is_root() && holds(own_mounts);
}

bool mount_scratch(const std::string& path, const char* options)
{
    return own_mounts() && ::mount("scratch", path.c_str(), "tmpfs", 0, options) == 0;
}

void close_inherited()
{
    for (int fd = 3; fd < 1024; ++fd) ::close(fd);
}

std::string self()
{
    return std::filesystem::read_symlink("/proc/self/exe");
}

}  // namespace child

// Hidden: only run when it is asked for by name.
TEST_CASE("child: list descriptors", "[.child]")
{
    std::string list;
    for (int fd = 0; fd < 1024; ++fd) {
        if (::fcntl(fd, F_GETFD) >= 0) list += std::to_string(fd) + " ";
    }
    // Not _exit(2), to which a sanitizer adds what is left in Catch's buffers.
    ::syscall(SYS_exit_group, ::write(1, list.data(), list.size()) < 0 ? 1 : 0);
}
