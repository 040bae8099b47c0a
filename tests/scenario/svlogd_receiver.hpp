// Where svlogd sends lines to, and whom it asks for the address of that.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "support/eventually.hpp"

namespace support {

// A udp socket on a port of its own, of either family.
class Receiver {
public:
    explicit Receiver(int family = AF_INET) : socket_(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_storage address{};
        address.ss_family = static_cast<sa_family_t>(family);
        if (family == AF_INET) reinterpret_cast<sockaddr_in&>(address).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        else reinterpret_cast<sockaddr_in6&>(address).sin6_addr = in6addr_loopback;
        socklen_t size = sizeof address;
        is_open = ::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0;
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
        port = std::to_string(ntohs(reinterpret_cast<sockaddr_in&>(address).sin_port));
    }
    ~Receiver() { ::close(socket_); }

    std::string next() const
    {
        char text[4096];
        ssize_t size = -1;
        eventually([&] { return (size = ::recv(socket_, text, sizeof text, MSG_DONTWAIT)) >= 0; });
        return size < 0 ? "nothing" : std::string(text, static_cast<std::size_t>(size));
    }

    bool is_open = false;
    std::string port;

private:
    int socket_;
};

// A name server (RFC 1035) on an address of its own, that answers when it is told to.
class NameServer {
public:
    NameServer() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0))
    {
        const auto own = static_cast<unsigned>(::getpid()) & 0xffffU;
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(53);
        at.sin_addr.s_addr = htonl(0x7f350000U + own);  // 127.53.x.y
        is_open = ::bind(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0;
        address = "127.53." + std::to_string(own >> 8) + "." + std::to_string(own & 0xffU);
    }
    ~NameServer() { ::close(socket_); }

    // A question has come; it gets no answer.
    bool was_asked() const
    {
        char question[512];
        return ::recv(socket_, question, sizeof question, 0) > 0;
    }
    // Every question that is there gets its answer: 127.0.0.1, or that there is no such host.
    bool answers(bool knows) const
    {
        bool any = false;
        sockaddr_storage from{};
        socklen_t size = sizeof from;
        char text[512];
        for (ssize_t count;
             (count = ::recvfrom(socket_, text, sizeof text, 0, reinterpret_cast<sockaddr*>(&from), &size)) > 0;) {
            const auto answer = answer_to({text, static_cast<std::size_t>(count)}, knows);
            ::sendto(socket_, answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
            any = true;
        }
        return any;
    }

    bool is_open = false;
    std::string address;

private:
    // The head and the question of `text`, and one record where there is one of the type that is asked for.
    static std::string answer_to(const std::string& text, bool knows)
    {
        const auto end = text.find('\0', 12) + 5;  // of name, type and class
        const bool is_ipv4 = text[end - 3] == '\1';
        const bool has_record = knows && is_ipv4;
        std::string answer = text.substr(0, 2) + '\x81' + (knows ? '\x80' : '\x83') + std::string("\0\1\0", 3) +
                             (has_record ? '\1' : '\0') + std::string(4, '\0') + text.substr(12, end - 12);
        if (has_record) answer += std::string("\xc0\x0c\0\1\0\1\0\0\0\0\0\4\x7f\0\0\1", 16);
        return answer;
    }

    int socket_;
};

}  // namespace support
