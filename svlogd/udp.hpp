// Log lines as datagrams, see svlogd(8): u and U.
#pragma once

#include <sys/socket.h>

#include <span>
#include <string_view>

#include "base/result.hpp"
#include "posix/unique_fd.hpp"
#include "svlogd/log_config.hpp"

struct iovec;

namespace runsuite::svlogd {

class Udp {
public:
    // Finds the address and makes the one socket. An address in digits asks no name service.
    static Result<Udp> open(const UdpTarget& target);

    bool is_open() const { return socket_.is_open(); }
    // Sends the parts as one datagram, or fails at once.
    Outcome send(std::span<const iovec> parts) const;

private:
    UniqueFd socket_;
    sockaddr_storage address_{};
    socklen_t address_size_ = 0;
};

}  // namespace runsuite::svlogd
