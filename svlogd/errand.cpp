#include "svlogd/errand.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "posix/signals.hpp"

namespace runsuite::svlogd {

namespace {

// `needs` are above the numbers that they get: 0 to 2 are always open.
void hold_only(int answers, std::span<const int> needs)
{
    int next = 0;
    ::dup2(answers, next++);
    for (const int needed : needs) {
        if (::dup2(needed, next) < 0) ::close(next);
        ++next;
    }
#ifdef SYS_close_range
    if (::syscall(SYS_close_range, static_cast<unsigned>(next), ~0U, 0U) == 0) return;
#endif
    for (int other = next; other < 1024; ++other) ::close(other);
}

}  // namespace

Result<BegunErrand> begin_errand(const sigset_t& mask, std::span<const int> needs)
{
    constexpr const char* doing = "start a child:";
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) return Error::last(doing);
    BegunErrand begun;
    begun.answers = UniqueFd{ends[0]};
    const UniqueFd answers{ends[1]};
    begun.pid = ::fork();
    if (begun.pid < 0) return Error::last(doing);
    if (begun.pid > 0) return begun;
    hold_only(answers.get(), needs);
    Signals::forget_in_child();
    ::sigprocmask(SIG_SETMASK, &mask, nullptr);
    return begun;
}

void end_errand(const void* answer, std::size_t size)
{
    [[maybe_unused]] const auto written = ::write(0, answer, size);  // the reader may be gone
    ::_exit(0);
}

bool read_answer(int from, void* answer, std::size_t size)
{
    return ::read(from, answer, size) == static_cast<ssize_t>(size);
}

}  // namespace runsuite::svlogd
