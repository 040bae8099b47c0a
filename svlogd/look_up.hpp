// The search for the address of a host, by a child where a name server has to be asked: one that is silent makes
// getaddrinfo(3) stand still for as long as it likes.
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <csignal>

#include "base/result.hpp"
#include "posix/unique_fd.hpp"
#include "svlogd/log_config.hpp"

namespace runsuite::svlogd {

struct Address {
    sockaddr_storage bytes{};
    socklen_t size = 0;
};

// Of a host in digits: asks nobody.
Result<Address> address_in_digits(const UdpTarget& target);

class LookUp {
public:
    // `mask` is that of the child, which holds nothing of ours but its end of a pipe.
    Outcome start(const UdpTarget& target, const sigset_t& mask);
    bool is_running() const { return pid_ != 0; }
    pid_t pid() const { return pid_; }
    // The child has ended: what it has found.
    Result<Address> ended();
    // Its child is ended, and nobody's any more.
    void forget();

private:
    pid_t pid_ = 0;
    UniqueFd answer_;
};

}  // namespace runsuite::svlogd
