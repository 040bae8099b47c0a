// Log lines as datagrams, see svlogd(8): u and U.
//
//   Off      there is no target, or its address could not be found: lines are to go into the log. It is looked for again
//   Awaited  the address is looked up for the first time: lines had better wait
//   Late     that takes too long: lines cannot be sent, which is to be told
//   On
#pragma once

#include <span>

#include "base/instant.hpp"
#include "svlogd/look_up.hpp"

struct iovec;

namespace runsuite::svlogd {

class Udp {
public:
    // In place of what was before. What `target` looks at has to stay, and `child_mask` too. Failures are told here.
    void open(const UdpTarget& target, const sigset_t& child_mask, Instant now);
    void close();

    bool is_on() const { return state_ != State::Off; }
    bool is_awaited() const { return state_ == State::Awaited; }
    // Sends the parts as one datagram, or fails at once.
    Outcome send(std::span<const iovec> parts) const;

    Instant deadline() const { return next_; }
    void tick(Instant now);
    bool has_child(pid_t pid) const { return look_up_.pid() == pid; }
    void child_ended(Instant now);

private:
    enum class State { Off, Awaited, Late, On };

    void find(Instant now);
    void use(const Result<Address>& found, Instant now);
    void failed(const Error& why, Instant now);

    State state_ = State::Off;
    UdpTarget target_;
    const sigset_t* child_mask_ = nullptr;
    LookUp look_up_;
    UniqueFd socket_;
    Address address_;
    Instant next_ = never;  // Awaited: the end of that; Off: the next look-up
    Instant pause_{0};
    int told_ = 0;  // the errno value that was warned about last
};

}  // namespace runsuite::svlogd
