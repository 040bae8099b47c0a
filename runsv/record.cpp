#include "runsv/record.hpp"

#include "app/lock_file.hpp"
#include "posix/clock.hpp"
#include "posix/process.hpp"
#include "posix/signals.hpp"

namespace runsuite::runsv {

namespace {

LockRecord::Phase phase_of(const Service& service)
{
    switch (service.state) {
        case State::Down: return LockRecord::Phase::Down;
        case State::Preparing: return LockRecord::Phase::Preparing;
        case State::Starting: return service.pid == 0 ? LockRecord::Phase::Preparing : LockRecord::Phase::Run;
        case State::Run: return LockRecord::Phase::Run;
        case State::Finish: return LockRecord::Phase::Finish;
    }
    return LockRecord::Phase::Down;
}

// A process keeps the moment that its mark has.
ProcessMark marked(const ProcessMark& mark, int pid)
{
    return pid == mark.pid ? mark : ProcessMark{};
}

}  // namespace

void Record::open(int lock, const Place& place)
{
    lock_ = lock;
    record_.space = place.space;
    record_.device = place.device;
    record_.inode = place.inode;
    record_.runsv = mark_of_this_process();
}

std::optional<LockRecord> Record::left() const
{
    const auto left = read_lock_record(lock_);
    return left && is_from({record_.space, record_.device, record_.inode}, *left) ? left : std::nullopt;
}

void Record::take_over(const LockRecord& left)
{
    record_.process = left.process;
    record_.script_process = left.script_process;
}

namespace {

void take_wishes(LockRecord& record, const Service& service)
{
    record.want = service.want;
    record.once = service.once;
    record.paused = service.paused;
    record.term_sent = service.term_sent;
    record.told_to_end = service.told_to_end;
}

}  // namespace

void Record::prepare(const Service& service)
{
    LockRecord next = record_;
    take_wishes(next, service);
    if (next == record_) return;
    record_ = next;
    is_written_ = false;
}

void Record::expect(LockRecord::Phase phase, Script script)
{
    expected_ = phase;
    expected_script_ = script;
}

// On the stack and in the memory of the parent, which reads here what has been written.
void Record::note_child(void* record)
{
    auto& self = *static_cast<Record*>(record);
    LockRecord& next = self.record_;
    if (self.expected_script_ != 0) {
        next.script = self.expected_script_;
        next.script_process = mark_of_this_process();
    } else {
        next.phase = self.expected_;
        next.process = mark_of_this_process();
        if (self.expected_ == LockRecord::Phase::Run) next.set_since(Tai64n::from_unix(wall_now()));
    }
    self.is_written_ = bool(write_lock_record(self.lock_, next));
    // A limit of file sizes has a signal, which would come to the program.
    if (!self.is_written_) Signals::discard(SIGXFSZ);
}

Outcome Record::publish(const Service& service)
{
    LockRecord next = record_;
    next.phase = phase_of(service);
    next.set_since(service.since);
    take_wishes(next, service);
    next.script = service.script;
    next.process = marked(record_.process, service.pid);
    next.script_process = marked(record_.script_process, service.script_pid);
    if (is_written_ && next == record_) return success();
    record_ = next;
    const auto written = write_lock_record(lock_, record_);
    is_written_ = bool(written);
    return written;
}

}  // namespace runsuite::runsv
