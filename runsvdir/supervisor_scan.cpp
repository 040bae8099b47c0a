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

// One change costs the same however many services there are. What is less plain than that is left to a scan.
void Supervisor::note_change(const Scanner::Entry& entry)
{
    if (is_ordered_ || !note_change_of_one(entry)) scanner_.ask_for_scan();
}

bool Supervisor::note_change_of_one(const Scanner::Entry& entry)
{
    if (entry.leads_back) tell_of_way_back(entry.name);
    if (!entry.is_directory) return services_.miss(entry.name);
    if (!services_.see(entry.id, entry.name)) return false;
    give_time_to_complete(*services_.with_id(entry.id));
    return true;
}

void Supervisor::tell_of_way_back(const char* name)
{
    constexpr int code = -1;
    if (!name_troubles_.is_due(name, code, monotonic_now())) return;
    report::Line line;
    report::append_name(line, name);
    line.append(" is no service: it leads to the services directory itself, or to one that holds it");
    report::warn(line.view());
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
        if (end_asked_) return false;  // whoever ends the services has to know all of them
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
    if (entry.leads_back) {
        tell_of_way_back(entry.name);
        return true;
    }
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
