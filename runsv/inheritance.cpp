#include "runsv/inheritance.hpp"

namespace runsuite::runsv {

namespace {

void take_process(Service& service, const LockRecord& record, State state)
{
    service.state = state;
    service.pid = record.process.pid;
    service.since = record.since();
}

void take_run(Service& service, const LockRecord& record, Living living)
{
    take_process(service, record, State::Run);
    service.paused = record.paused;
    service.term_sent = record.term_sent;
    service.told_to_end = record.told_to_end;
    service.script = record.script;
    service.script_pid = living.script ? record.script_process.pid : 0;
}

}  // namespace

bool is_from(const Place& place, const LockRecord& record)
{
    return place.space.is_known() && record.space == place.space && record.device == place.device &&
           record.inode == place.inode;
}

Service inherited(const Service& fresh, const LockRecord& record, Living living)
{
    Service service = fresh;
    service.wait_status = unknown_wait_status;
    if (record.want != Want::Exit) {
        service.want = record.want;
        service.once = record.once;
    }
    switch (record.phase) {
        case LockRecord::Phase::Down: service.since = record.since(); break;
        case LockRecord::Phase::Preparing:
            if (living.process) take_process(service, record, State::Preparing);
            break;
        case LockRecord::Phase::Run:
            service.once = false;  // this was the one
            if (living.process) take_run(service, record, living);
            else if (service.kind == Kind::Main) service.state = State::Finish;
            break;
        case LockRecord::Phase::Finish:
            if (living.process) take_process(service, record, State::Finish);
            else if (record.process.pid == 0) service.state = State::Finish;
            break;
    }
    return service;
}

}  // namespace runsuite::runsv
