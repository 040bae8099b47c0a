#include "svlogd/udp.hpp"

#include <sys/uio.h>

#include "app/report.hpp"
#include "svlogd/pause.hpp"

namespace runsuite::svlogd {

namespace {

using namespace std::chrono_literals;

constexpr Instant longest_wait = 5s;
constexpr Instant first_pause = 1s;
constexpr Instant longest_pause = 60s;

}  // namespace

void Udp::open(const UdpTarget& target, const sigset_t& child_mask, Instant now)
{
    close();
    if (target.host.empty()) return;
    target_ = target;
    child_mask_ = &child_mask;
    find(now);
    if (!look_up_.is_running()) return;
    state_ = State::Awaited;
    next_ = now + longest_wait;
}

void Udp::close()
{
    look_up_.forget();
    *this = Udp{};
}

void Udp::tick(Instant now)
{
    if (now < next_) return;
    next_ = never;
    if (state_ == State::Awaited) state_ = State::Late;
    else find(now);
}

void Udp::child_ended(Instant now)
{
    use(look_up_.ended(), now);
}

void Udp::find(Instant now)
{
    if (const auto found = address_in_digits(target_)) return use(found, now);
    if (const auto started = look_up_.start(target_, *child_mask_); !started) failed(started.error(), now);
}

void Udp::use(const Result<Address>& found, Instant now)
{
    if (!found) return failed(found.error(), now);
    address_ = *found;
    socket_ = UniqueFd{::socket(address_.bytes.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!socket_.is_open()) return failed(Error::last("make udp socket:"), now);
    state_ = State::On;
    next_ = never;
}

void Udp::failed(const Error& why, Instant now)
{
    if (told_ != why.code) report::warn(why, target_.host);
    told_ = why.code;
    state_ = State::Off;
    pause_ = longer_pause(pause_, first_pause, longest_pause);
    next_ = now + pause_;
}

Outcome Udp::send(std::span<const iovec> parts) const
{
    msghdr message{};
    message.msg_name = const_cast<sockaddr_storage*>(&address_.bytes);
    message.msg_namelen = address_.size;
    message.msg_iov = const_cast<iovec*>(parts.data());
    message.msg_iovlen = static_cast<decltype(message.msg_iovlen)>(parts.size());
    if (::sendmsg(socket_.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        return Error::last("send through udp:");
    return success();
}

}  // namespace runsuite::svlogd
