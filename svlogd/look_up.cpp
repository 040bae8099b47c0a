#include "svlogd/look_up.hpp"

#include <netdb.h>

#include <cstring>

#include "base/fixed_string.hpp"

namespace runsuite::svlogd {

namespace {

constexpr const char* doing = "find udp address:";

FoundAddress ask(const UdpTarget& target, int flags)
{
    const FixedString<255> host{target.host};
    const FixedString<8> port{target.port};
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_DGRAM;
    wanted.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    FoundAddress answer;
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

Result<Address> address_in(const FoundAddress& answer)
{
    if (answer.code != 0) return Error{doing, answer.code};
    return answer.address;
}

}  // namespace

Result<Address> address_in_digits(const UdpTarget& target)
{
    return address_in(ask(target, AI_NUMERICHOST));
}

Outcome LookUp::start(const UdpTarget& target, const sigset_t& child_mask)
{
    const auto started = errand_.start(child_mask, {}, [&] { return ask(target, 0); });
    if (!started) return Error{doing, started.error().code};
    return success();
}

Result<Address> LookUp::ended()
{
    const auto answer = errand_.ended();
    return address_in(answer.value_or(FoundAddress{{}, EAGAIN}));  // none: it was killed
}

}  // namespace runsuite::svlogd
