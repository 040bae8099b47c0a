#include "posix/signals.hpp"

#include <cerrno>

namespace runsuite {

namespace {

volatile std::sig_atomic_t came_in[NSIG];
bool is_caught[NSIG];

void note(int signal)
{
    came_in[signal] = 1;
}

volatile std::sig_atomic_t senders[NSIG];

void note_with_sender(int signal, siginfo_t* about, void*)
{
    const bool is_known_outside = came_in[signal] != 0 && senders[signal] == 0;
    came_in[signal] = 1;
    const bool is_from_process = about->si_code == SI_USER || about->si_code == SI_QUEUE;
    senders[signal] = is_from_process && !is_known_outside ? about->si_pid : 0;
}

// Where ppoll(2) has no memory: a caller who tries again at once would use up the machine, and hear no signal. Ends with the
// first signal, or after a tenth of a second.
void pause_for_signals(const timespec* limit)
{
    sigset_t wanted;
    ::sigemptyset(&wanted);
    for (int signal = 1; signal < NSIG; ++signal) {
        if (is_caught[signal]) ::sigaddset(&wanted, signal);
    }
    constexpr timespec longest{0, 100'000'000};
    const bool is_shorter = limit != nullptr && limit->tv_sec == 0 && limit->tv_nsec < longest.tv_nsec;
    siginfo_t about{};
    const int signal = ::sigtimedwait(&wanted, &about, is_shorter ? limit : &longest);
    if (signal > 0) note_with_sender(signal, &about, nullptr);
}

bool is_ignored(int signal)
{
    struct sigaction action {};
    return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

Outcome Signals::open(std::initializer_list<int> wanted, std::initializer_list<int> unless_ignored)
{
    if (::sigprocmask(SIG_BLOCK, nullptr, &child_mask_) < 0) return Error::last("block signals");
    if (auto recorded = record(wanted); !recorded) return recorded;
    for (const int signal : unless_ignored) {
        if (is_ignored(signal)) continue;
        if (auto recorded = record({signal}); !recorded) return recorded;
    }
    waiting_mask_ = child_mask_;
    return success();
}

Outcome Signals::add(std::initializer_list<int> wanted)
{
    auto recorded = record(wanted);
    waiting_mask_ = child_mask_;
    return recorded;
}

Outcome Signals::record(std::initializer_list<int> wanted)
{
    sigset_t blocked;
    ::sigemptyset(&blocked);
    for (const int signal : wanted) ::sigaddset(&blocked, signal);
    if (::sigprocmask(SIG_BLOCK, &blocked, nullptr) < 0) return Error::last("block signals");
    for (const int signal : wanted) {
        ::sigdelset(&child_mask_, signal);
        struct sigaction action {};
        action.sa_handler = note;
        action.sa_flags = signal == SIGCHLD ? SA_NOCLDSTOP : 0;
        ::sigemptyset(&action.sa_mask);  // handlers nest, or one wait would record only one of several
        if (::sigaction(signal, &action, nullptr) < 0) return Error::last("catch signals");
        is_caught[signal] = true;
    }
    return success();
}

void Signals::note_sender_of(int signal)
{
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) < 0 || action.sa_handler != note) return;
    action.sa_sigaction = note_with_sender;
    action.sa_flags |= SA_SIGINFO;
    ::sigaction(signal, &action, nullptr);
}

std::optional<pid_t> Signals::take_with_sender(int signal)
{
    const pid_t sender = senders[signal];
    if (!take(signal)) return std::nullopt;
    return sender;
}

void Signals::tell_of_stopped_children()
{
    struct sigaction action {};
    if (::sigaction(SIGCHLD, nullptr, &action) < 0) return;
    action.sa_flags &= ~SA_NOCLDSTOP;
    ::sigaction(SIGCHLD, &action, nullptr);
}

Result<int> Signals::wait(std::span<pollfd> watched, std::chrono::nanoseconds timeout)
{
    timespec limit{};
    if (timeout > std::chrono::nanoseconds::zero()) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
        limit.tv_sec = seconds.count();
        limit.tv_nsec = (timeout - seconds).count();
    }
    const timespec* const limit_or_none = timeout == never ? nullptr : &limit;
    const int ready = ::ppoll(watched.data(), watched.size(), limit_or_none, &waiting_mask_);
    if (ready < 0) {
        if (errno == EINTR) return 0;
        const Error why = Error::last("wait for events");
        pause_for_signals(limit_or_none);
        return why;
    }
    if (ready > 0) {
        // With a descriptor ready, ppoll(2) returns without running a pending handler: a busy descriptor would keep
        // every signal out. So the window is opened once more with nothing to wait for.
        const timespec none{};
        ::ppoll(nullptr, 0, &none, &waiting_mask_);
    }
    return ready;
}

bool Signals::take(int signal)
{
    const bool was_there = came_in[signal] != 0;
    came_in[signal] = 0;
    return was_there;
}

void Signals::discard(int signal)
{
    struct sigaction ignored {};
    ignored.sa_handler = SIG_IGN;
    ::sigaction(signal, &ignored, nullptr);
}

void Signals::end_by(int signal)
{
    sigset_t open;
    ::sigemptyset(&open);
    ::sigaddset(&open, signal);
    ::signal(signal, SIG_DFL);
    ::raise(signal);
    ::sigprocmask(SIG_UNBLOCK, &open, nullptr);
}

// On the stack of the parent, as a rule, and as far as it reaches a page may be taken for good: so none of signal(3), which
// keeps two of these there.
void Signals::forget_in_child()
{
    static const struct sigaction by_default {
    };
    for (int signal = 1; signal < NSIG; ++signal) {
        if (is_caught[signal]) ::sigaction(signal, &by_default, nullptr);
    }
}

}  // namespace runsuite
