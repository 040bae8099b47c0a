// The search for the address of a host, by a child where a name server has to be asked: one that is silent makes
// getaddrinfo(3) stand still for as long as it likes.
#pragma once

#include <sys/socket.h>

#include "svlogd/errand.hpp"
#include "svlogd/log_config.hpp"

namespace runsuite::svlogd {

struct Address {
    sockaddr_storage bytes{};
    socklen_t size = 0;
};

// Of a host in digits: asks nobody.
Result<Address> address_in_digits(const UdpTarget& target);

struct FoundAddress {
    Address address;
    int code = 0;  // an errno value, 0: it was found
};

class LookUp {
public:
    Outcome start(const UdpTarget& target, const sigset_t& child_mask);
    bool is_running() const { return errand_.is_running(); }
    pid_t pid() const { return errand_.pid(); }
    // The child has ended: what it has found.
    Result<Address> ended();
    // Its child is ended, and nobody's any more.
    void forget() { errand_.kill(); }

private:
    Errand<FoundAddress> errand_;
};

}  // namespace runsuite::svlogd
