// The part of Supervisor that looks at the directory.
#include "app/report.hpp"
#include "posix/clock.hpp"
#include "posix/file.hpp"
#include "runsvdir/supervisor.hpp"

namespace runsuite::runsvdir {

namespace {

// Names that are read between two looks for a signal that asks for the end.
constexpr int names_a_look = 64;

}  // namespace

// A new directory under a name that nobody had. Whatever is less plain than that is left to the scan.
void Supervisor::start_newcomer()
{
    const auto entry = scanner_.newcomer();
    if (is_ordered_ || !entry.is_directory || services_.knows(entry.id, entry.name) || !note(entry)) return;
    Known* const known = services_.with_id(entry.id);
    if (due(*known, nullptr, monotonic_now()) == Due::Start) actor_.carry_out(Due::Start, *known, nullptr);
}

void Supervisor::scan()
{
    bool saw_everything = false;
    if (auto begun = scanner_.begin(); begun) {
        start_trial_.note_directory();
        services_.begin_scan();
        saw_everything = scan_names();
        services_.end_scan(saw_everything);
        if (is_ordered_) services_.sort_by_name();
        tell_of_watch();
    } else {
        tell_of_directory(begun.error());
    }
    if (saw_everything) directory_trouble_.settle();
    if (std::exchange(forced_, false) && saw_everything) {
        if (auto stamped = Scanner::stamp_forced_rescan(); !stamped) report::warn(stamped.error());
    }
    scanner_.finish(saw_everything, monotonic_now());
}

void Supervisor::tell_of_directory(const Error& why)
{
    if (directory_trouble_.is_due(why.code, monotonic_now())) report::warn(why, directory_);
}

bool Supervisor::scan_names()
{
    bool saw_everything = true;
    for (int names = 1;; ++names) {
        if (names % names_a_look == 0) look_for_signals();
        if (is_leaving()) return false;
        auto entry = scanner_.next();
        if (!entry) {
            tell_of_directory(entry.error());
            return false;
        }
        if (entry->name == nullptr) return saw_everything;
        saw_everything = note(*entry) && saw_everything;
    }
}

bool Supervisor::note(const Scanner::Entry& entry)
{
    if (entry.is_directory) {
        if (services_.note(entry.id, entry.name)) {
            give_time_to_complete(*services_.with_id(entry.id));
            return true;
        }
        if (directory_trouble_.is_due(ENOMEM, monotonic_now()))
            report::warn(Error{"remember", ENOMEM}, entry.name);
        return false;
    }
    if (name_troubles_.is_due(entry.name, entry.why.code, monotonic_now())) report::warn(entry.why, entry.name);
    const bool leads_nowhere = entry.why.code == ENOENT || entry.why.code == ENOTDIR || entry.why.code == ELOOP;
    if (!leads_nowhere) services_.note_unreadable(entry.name);
    return leads_nowhere;
}

// A directory that is just being made has no ./run yet: its `down` file and its log are looked at only when its runsv
// starts, so that waits for a second.
void Supervisor::give_time_to_complete(Known& known)
{
    if (known.pid != 0 || known.not_before != Instant::zero()) return;
    FixedString<255 + 4> run{known.name};  // a name is of 255 bytes at most
    if (!exists(run.append("/run").c_str())) known.not_before = monotonic_now() + restart_pause;
}

// Said once: until it can be watched the directory is looked at every five seconds.
void Supervisor::tell_of_watch()
{
    const Error& why = scanner_.watch_failure();
    if (why.code != 0 && why.code != ENOSYS && why.code != watch_failure_told_) {
        report::warn(why, directory_);
    }
    watch_failure_told_ = why.code;
}

}  // namespace runsuite::runsvdir
