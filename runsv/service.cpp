#include "runsv/service.hpp"

#include <sys/wait.h>

namespace runsuite::runsv {

Service new_service(Kind kind, Want want, Now now)
{
    Service service;
    service.kind = kind;
    service.want = want;
    service.since = Tai64n::from_unix(now.wall);
    return service;
}

Instant deadline(const Service& service)
{
    if (service.state == State::Down && wants_start(service)) return service.not_before;
    if (service.state == State::Finish && service.pid == 0) return service.not_before;
    return never;
}

StatusRecord record_of(const Service& service)
{
    StatusRecord record;
    record.since = service.since;
    record.paused = service.paused;
    record.want = service.once ? Want::Up : service.want;
    record.term_sent = service.term_sent;
    switch (service.state) {
        case State::Down:
        case State::Preparing:
        case State::Starting: record.state = ServiceState::Down; return record;
        case State::Run: record.state = ServiceState::Run; break;
        case State::Finish: record.state = ServiceState::Finish; break;
    }
    record.pid = static_cast<std::uint32_t>(service.pid);
    return record;
}

FinishArguments finish_arguments(int wait_status)
{
    if (wait_status == unknown_wait_status) return {-1, 0};
    return {WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1, wait_status & 0xff};
}

}  // namespace runsuite::runsv
