#include "runsvdir/adopted.hpp"

#include <poll.h>
#include <unistd.h>

#include <csignal>

#include "app/lock_file.hpp"
#include "app/service_dir.hpp"
#include "posix/clock.hpp"
#include "posix/descriptor_limit.hpp"
#include "posix/process.hpp"
#include "runsvdir/service_file.hpp"

namespace runsuite::runsvdir {

namespace {

constexpr Instant look_pause_without_watch = std::chrono::seconds(5);

bool is_readable_now(int fd)
{
    pollfd watched{fd, POLLIN, 0};
    return ::poll(&watched, 1, 0) > 0;
}

ProcessMark mark_of(const Known& known)
{
    return {.alive_at = known.alive_at.count(), .pid = known.pid};
}

}  // namespace

void Adopted::open()
{
    here_ = this_process_space();
}

bool Adopted::take_over(Services& services, Known& known)
{
    pid_t pid = 0;
    auto found = find_runsv(known.name, here_, pid);
    if (!found && found.error().code == EMFILE && raise_descriptor_limit())
        found = find_runsv(known.name, here_, pid);
    if (!found || is_readable_now(found->get())) return false;
    services.update(known, after_take_over(known, pid, found->get(), boottime_now()));
    if (keep(known)) {
        found->release();
        return true;
    }
    known.watch = -1;
    look_again_ = std::min(look_again_, monotonic_now() + look_pause_without_watch);
    return true;
}

// Some descriptors are left for what has to be opened for a moment.
bool Adopted::keep(Known& known)
{
    const int fd = known.watch;
    if (is_near_descriptor_limit(fd) && (!raise_descriptor_limit() || is_near_descriptor_limit(fd))) return false;
    return bool(watches_.add(fd, &known));
}

Known* Adopted::ended() const
{
    void* room[1];
    const auto ready = watches_.ready(room);
    return ready.empty() ? nullptr : static_cast<Known*>(ready[0]);
}

Known* Adopted::missed(Services& services, Instant now)
{
    if (now < look_again_) return nullptr;
    bool is_any_left = false;
    for (Known& known : services.all()) {
        if (!known.is_taken_over || known.watch >= 0) continue;
        const auto found = find_process(mark_of(known));
        if ((!found && found.error().code == ESRCH) || (found && is_readable_now(found->get()))) return &known;
        is_any_left = true;
    }
    look_again_ = is_any_left ? now + look_pause_without_watch : never;
    return nullptr;
}

int Adopted::take_end(Known& known)
{
    if (known.watch < 0) return -1;
    const auto status = wait_status_of(known.watch);
    ::close(known.watch);
    known.watch = -1;
    return status.value_or(-1);
}

bool Adopted::was_told_to_exit(const Known& known)
{
    auto file =
        open_file(ServiceFile(known.name, service_dir::of_service.lock).path(), O_RDONLY | O_NOFOLLOW, "open");
    if (!file) return false;
    const auto record = read_lock_record(file->get());
    return record && record->runsv.pid == known.pid && record->want == Want::Exit;
}

void signal_runsv(const Known& known, int signal)
{
    if (!known.is_taken_over || known.watch >= 0) return signal_process(known.watch, known.pid, signal);
    const auto found = find_process(mark_of(known));
    if (found) signal_process(found->get(), known.pid, signal);
}

}  // namespace runsuite::runsvdir
