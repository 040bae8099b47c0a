#include "svlogd/udp.hpp"

#include <netdb.h>
#include <sys/uio.h>

#include <cstring>

#include "base/fixed_string.hpp"

namespace runsuite::svlogd {

Result<Udp> Udp::open(const UdpTarget& target)
{
    const FixedString<255> host{target.host};
    const FixedString<8> port{target.port};
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_DGRAM;
    wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    int failure = ::getaddrinfo(host.c_str(), port.c_str(), &wanted, &found);
    if (failure == EAI_NONAME) {
        wanted.ai_flags = AI_NUMERICSERV;
        failure = ::getaddrinfo(host.c_str(), port.c_str(), &wanted, &found);
    }
    if (failure != 0) return Error{"find udp address:", failure == EAI_AGAIN ? EAGAIN : EADDRNOTAVAIL};

    Udp udp;
    std::memcpy(&udp.address_, found->ai_addr, found->ai_addrlen);
    udp.address_size_ = found->ai_addrlen;
    udp.socket_ = UniqueFd{::socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    ::freeaddrinfo(found);
    if (!udp.is_open()) return Error::last("make udp socket:");
    return udp;
}

Outcome Udp::send(std::span<const iovec> parts) const
{
    msghdr message{};
    message.msg_name = const_cast<sockaddr_storage*>(&address_);
    message.msg_namelen = address_size_;
    message.msg_iov = const_cast<iovec*>(parts.data());
    message.msg_iovlen = static_cast<decltype(message.msg_iovlen)>(parts.size());
    if (::sendmsg(socket_.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        return Error::last("send through udp:");
    return success();
}

}  // namespace runsuite::svlogd
