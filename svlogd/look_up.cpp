#include "svlogd/look_up.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

#include "base/fixed_string.hpp"
#include "posix/signals.hpp"

namespace runsuite::svlogd {

namespace {

constexpr const char* doing = "find udp address:";

// What the child writes, in one piece.
struct Answer {
    Address address;
    int code = 0;  // an errno value, 0: it was found
};

Answer ask(const UdpTarget& target, int flags)
{
    const FixedString<255> host{target.host};
    const FixedString<8> port{target.port};
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_DGRAM;
    wanted.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    Answer answer;
    const int failure = ::getaddrinfo(host.c_str(), port.c_str(), &wanted, &found);
    if (failure != 0) {
        answer.code = failure == EAI_AGAIN ? EAGAIN : EADDRNOTAVAIL;
        return answer;
    }
    std::memcpy(&answer.address.bytes, found->ai_addr, found->ai_addrlen);
    answer.address.size = found->ai_addrlen;
    ::freeaddrinfo(found);
    return answer;
}

// Standard input and the lock of the directory are for us alone: they would stay in use for as long as the child does.
void close_all_but(int fd)
{
    ::dup2(fd, 0);
#ifdef SYS_close_range
    if (::syscall(SYS_close_range, 1U, ~0U, 0U) == 0) return;
#endif
    for (int other = 1; other < 1024; ++other) ::close(other);
}

[[noreturn]] void look_up_in_child(const UdpTarget& target, int answers, const sigset_t& mask)
{
    close_all_but(answers);
    Signals::forget_in_child();
    ::sigprocmask(SIG_SETMASK, &mask, nullptr);
    const Answer answer = ask(target, 0);
    [[maybe_unused]] const auto written = ::write(0, &answer, sizeof answer);  // the reader may be gone
    ::_exit(0);
}

}  // namespace

Result<Address> address_in_digits(const UdpTarget& target)
{
    const Answer answer = ask(target, AI_NUMERICHOST);
    if (answer.code != 0) return Error{doing, answer.code};
    return answer.address;
}

Outcome LookUp::start(const UdpTarget& target, const sigset_t& mask)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) return Error::last(doing);
    UniqueFd answer{ends[0]};
    const UniqueFd answers{ends[1]};
    const pid_t pid = ::fork();
    if (pid < 0) return Error::last(doing);
    if (pid == 0) look_up_in_child(target, answers.get(), mask);
    pid_ = pid;
    answer_ = std::move(answer);
    return success();
}

Result<Address> LookUp::ended()
{
    pid_ = 0;
    const UniqueFd from = std::move(answer_);
    Answer answer;
    const auto size = ::read(from.get(), &answer, sizeof answer);
    if (size != static_cast<ssize_t>(sizeof answer)) return Error{doing, EAGAIN};  // it was killed
    if (answer.code != 0) return Error{doing, answer.code};
    return answer.address;
}

void LookUp::forget()
{
    if (is_running()) ::kill(pid_, SIGKILL);
    pid_ = 0;
    answer_.close();
}

}  // namespace runsuite::svlogd
