#include "posix/spawn.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "base/fixed_string.hpp"
#include "posix/signals.hpp"
#include "posix/terminal.hpp"

namespace runsuite {

namespace {

bool redirect(const Redirect& pair)
{
    if (pair.from != pair.to) return ::dup2(pair.from, pair.to) >= 0;
    return ::fcntl(pair.to, F_SETFD, 0) >= 0;  // dup2(n, n) would leave close-on-exec set
}

[[gnu::noinline]] Error become(const SpawnSpec& spec)
{
    if (spec.in_child != nullptr) spec.in_child(spec.argument);
    if (spec.own_session) ::setsid();
    if (spec.directory != nullptr && ::chdir(spec.directory) < 0) return Error::last("change directory");
    if (spec.directory_fd >= 0 && ::fchdir(spec.directory_fd) < 0) return Error::last("change directory");
    for (const Redirect& pair : spec.redirects) {
        if (!redirect(pair)) return Error::last("set up descriptors");
    }
    if (spec.controlling_terminal) ::ioctl(STDIN_FILENO, TIOCSCTTY, 1);
    if (spec.terminal >= 0 && ::setpgid(0, 0) == 0) take_foreground(spec.terminal);
    Signals::forget_in_child();
    if (spec.mask != nullptr) ::sigprocmask(SIG_SETMASK, spec.mask, nullptr);
    const char* const* environment = spec.environment != nullptr ? spec.environment : environ;
    return {"run", exec_program(spec.program, spec.argv, environment, std::getenv("PATH"))};
}

int exec_file(const char* file, const char* const* argv, const char* const* environment)
{
    // execve(2) changes neither; its prototype is older than const.
    ::execve(file, const_cast<char* const*>(argv), const_cast<char* const*>(environment));
    return errno;
}

// Kept apart from its caller: few children are looked up, and all of them run on their parent's stack.
[[gnu::noinline]] int exec_in_path(const char* name, const char* const* argv, const char* const* environment,
                                   std::string_view rest)
{
    int worst = ENOENT;
    for (;;) {
        const auto colon = rest.find(':');
        const auto directory = rest.substr(0, colon);
        FixedString<1024> file{directory.empty() ? "." : directory};
        file.append("/").append(name);
        const int code = file.was_cut() ? ENAMETOOLONG : exec_file(file.c_str(), argv, environment);
        if (code == EACCES || code == EPERM || code == EISDIR) worst = code;
        else if (code != ENOENT && code != ENOTDIR) return code;
        if (colon == std::string_view::npos) return worst;
        rest.remove_prefix(colon + 1);
    }
}

}  // namespace

Result<Spawned> spawn(const SpawnSpec& spec)
{
    const char* volatile doing = nullptr;  // the pointer itself: the child writes it behind the compiler's back
    volatile int code = 0;
    const pid_t pid = ::vfork();
    if (pid < 0) return Error::last("fork");
    if (pid == 0) {
        const Error why = become(spec);
        doing = why.doing;
        code = why.code;
        ::_exit(exit_not_run);
    }
    return Spawned{pid, {doing, code}};
}

int exec_program(const char* name, const char* const* argv, const char* const* environment, const char* path)
{
    if (std::strchr(name, '/') != nullptr) return exec_file(name, argv, environment);
    return exec_in_path(name, argv, environment, path != nullptr ? path : "/bin:/usr/bin");
}

}  // namespace runsuite
