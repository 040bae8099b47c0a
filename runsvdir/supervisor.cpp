#include "runsvdir/supervisor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "app/kept_lines.hpp"
#include "app/report.hpp"
#include "posix/clock.hpp"
#include "posix/file.hpp"
#include "runsvdir/service_file.hpp"
#include "runsvdir/title_text.hpp"

namespace runsuite::runsvdir {

namespace {

// Orphans that are reaped between two such looks.
constexpr int deaths_a_look = 1024;
// Ends of runsvs that are no children, which are seen before other work goes on.
constexpr int ends_a_turn = 256;

// That nothing can be written for it; 0 for anything else, which its runsv has told.
int why_not_supervised(const char* name)
{
    if (::access(ServiceFile(name, "supervise").path(), W_OK) == 0) return 0;
    if (errno != ENOENT) return errno;
    return ::access(name, W_OK) == 0 ? 0 : errno;
}

}  // namespace

// Those of the second row are caught to be survived: under another first process, which passes on what it is sent, their
// default would end us, as that of process 1 does not.
Outcome Supervisor::open_signals(bool is_container)
{
    // PIPE comes of a standard error that nobody reads any more, XFSZ of a limit of file sizes.
    if (!is_container) return signals_.open({SIGTERM, SIGHUP, SIGCHLD, SIGALRM}, {SIGPIPE, SIGXFSZ});
    return signals_.open({SIGTERM, SIGHUP, SIGCHLD, SIGALRM, SIGINT, SIGIO, SIGURG,  //
                          SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE, SIGVTALRM, SIGPROF, SIGXCPU,
#ifdef SIGPWR
                          SIGPWR,
#endif
                          SIGXFSZ});
}

Outcome Supervisor::open(const Options& options)
{
    directory_ = options.directory;
    is_ordered_ = options.is_ordered;
    const bool is_container = answers_for_all(options);
    if (auto opened = open_signals(is_container); !opened) return opened;
    container_.open(options, signals_.child_mask());
    if (auto opened = scanner_.open(options.directory, is_container); !opened) return opened;
    open_log(options.log);
    for (const Redirect& redirect : title_.redirects()) redirects_.add(redirect);
    if (is_container) start_trial_.begin(monotonic_now());
    if (options.command != nullptr) leave_input_to_command();
    const std::span redirects{redirects_.begin(), redirects_.size()};
    actor_.open(signals_.child_mask(), redirects, options.own_sessions || is_container);
    actor_.mark(is_container, is_ordered_);
    adopted_.open();
    return success();
}

// A service that reads would take from the command what is typed.
void Supervisor::leave_input_to_command()
{
    constexpr const char* nothing = "/dev/null";
    auto opened = open_file(nothing, O_RDONLY, "open");
    if (!opened) return report::warn(opened.error(), nothing);
    no_input_ = std::move(*opened);
    redirects_.add({no_input_.get(), STDIN_FILENO});
}

void Supervisor::open_log(char* placeholder)
{
    if (placeholder == nullptr) return;
    if (std::string_view(placeholder).size() < shortest_title) {
        report::warn("log must have at least seven characters.");
        report::warn("log service disabled.");
    } else if (auto opened = title_.open(placeholder); !opened) {
        report::warn(opened.error());
        report::warn("log service disabled.");
    }
}

int Supervisor::run()
{
    while (!is_over()) {
        reap();  // deaths first
        title_.write_dot_if_due(monotonic_now());
        if (container_.is_stopping()) stop();
        else supervise();
        wait();
    }
    if (container_.is_on()) return container_.exit_code();
    return end_asked_ ? 0 : hang_up();
}

void Supervisor::supervise()
{
    judge_start();
    if (std::exchange(scan_asked_, false)) scanner_.ask_for_scan();
    if (scanner_.is_due(monotonic_now())) scan();
    carry_out_all();
    if (!awaits_turn_ && start_order_.is_free(monotonic_now())) {
        container_.start_command(scanner_.start_directory());
    }
}

void Supervisor::judge_start()
{
    const Verdict verdict = start_trial_.judge(services_.all(), monotonic_now());
    if (verdict != Verdict::NoDirectory && verdict != Verdict::NoService) return;
    title_.give_back();
    report::keep_lines_when_full();  // of that one
    if (verdict == Verdict::NoService) {
        const char* const name = services_.all().begin()->name;
        container_.give_up(Error{"supervise any service, for instance", why_not_supervised(name)}, name);
    } else container_.give_up(Error{"use the services directory", directory_trouble_.code}, directory_);
}

std::chrono::nanoseconds Supervisor::time_left()
{
    if (death_told_ || end_of_essential_told_ || is_over()) return std::chrono::nanoseconds::zero();
    Instant first = std::min(title_.deadline(), adopted_.deadline());
    if (container_.is_stopping()) first = std::min(first, container_.deadline());
    else if (scan_asked_) return std::chrono::nanoseconds::zero();
    else first = std::min({first, scanner_.deadline(), next_start(), start_trial_.deadline()});
    return first == never ? never : std::max(first - monotonic_now(), std::chrono::nanoseconds::zero());
}

Instant Supervisor::next_start()
{
    if (!scanner_.is_in_place()) return never;
    const Instant start = services_.deadline(start_order_.is_waiting());
    const Instant first = start == never ? never : std::max(start, actor_.no_start_before());
    return start_order_.is_waiting() ? std::min(first, start_order_.deadline()) : first;
}

void Supervisor::wait()
{
    const auto title = title_.watched();
    std::array watched{pollfd{scanner_.fd(), POLLIN, 0}, title[0], title[1], report::kept_lines(),
                       pollfd{adopted_.fd(), POLLIN, 0}};
    const auto ready = signals_.wait(watched, time_left());
    if (!ready && wait_trouble_.is_due(ready.error().code, monotonic_now())) report::warn(ready.error());
    take_signals();
    if (watched[0].revents != 0) {
        scanner_.read_news([this](const Scanner::Entry& entry) { note_change(entry); });
    }
    if ((watched[1].revents | watched[2].revents) != 0) title_.read();
    if (watched[3].revents != 0) report::write_kept_lines();
    if (watched[4].revents != 0 || monotonic_now() >= adopted_.deadline()) see_ends();
}

// In the midst of long work: lets in what is pending.
void Supervisor::look_for_signals()
{
    [[maybe_unused]] const auto looked = signals_.wait({}, std::chrono::nanoseconds::zero());
    take_signals();
}

// What came in is kept here until the loop gets to it; while anything is, it must not sleep.
void Supervisor::take_signals()
{
    death_told_ = Signals::take(SIGCHLD) || death_told_;
    if (Signals::take(SIGALRM)) {
        forced_ = true;
        scan_asked_ = true;
    }
    if (Signals::take(SIGIO)) {
        scanner_.expect_anything();
        scan_asked_ = true;
    }
    end_of_essential_told_ = Signals::take(SIGURG) || end_of_essential_told_;
    if (container_.is_on()) return container_.take_signals();
    end_asked_ = Signals::take(SIGTERM) || end_asked_;
    hangup_asked_ = Signals::take(SIGHUP) || hangup_asked_;
}

void Supervisor::reap()
{
    if (std::exchange(end_of_essential_told_, false)) container_.look_at_essential(services_);
    if (!std::exchange(death_told_, false)) return;
    start_order_.expect_news();
    for (int deaths = 1;; ++deaths) {
        const auto death = reap_child();
        if (!death) break;
        note_death(*death);
        if (deaths % deaths_a_look == 0) look_for_signals();
    }
    services_.forget_gone();
    if (container_.is_on()) container_.keep_command_going();
}

// Some at a time: there may be more.
void Supervisor::see_ends()
{
    for (int ends = 0; ends < ends_a_turn; ++ends) {
        Known* known = adopted_.ended();
        if (known == nullptr) known = adopted_.missed(services_, monotonic_now());
        if (known == nullptr) return;
        int status = Adopted::take_end(*known);
        if (status == -1 && Adopted::was_told_to_exit(*known)) status = 0;
        note_end(*known, status);
    }
}

void Supervisor::note_death(const Death& death)
{
    Known* const known = services_.with_pid(death.pid);
    if (known == nullptr) return container_.note_death(death);
    Adopted::take_end(*known);
    note_end(*known, death.wait_status);
}

// A runsv exits 0 when somebody has told it to.
void Supervisor::note_end(Known& known, int wait_status)
{
    if (container_.is_on() && !container_.is_stopping()) Container::tell_of_death(known, wait_status);
    services_.update(known, wait_status == 0 ? after_told_death(known, monotonic_now()) : after_death(known));
}

void Supervisor::carry_out_all()
{
    const Instant now = monotonic_now();
    awaits_turn_ = false;
    services_.each_open([&](Known& known) {
        if (is_leaving()) return false;
        const Due what = due(known, known.pid == 0 ? services_.predecessor_of(known) : nullptr, now);
        if (what == Due::Nothing) return true;
        if (what == Due::Start) start_in_turn(known, now);
        else actor_.carry_out(what, services_, known);
        look_for_signals();
        return true;
    });
    services_.forget_gone();
}

void Supervisor::start_in_turn(Known& known, Instant now)
{
    if (!scanner_.is_in_place()) return;  // outside its directory a runsv would not find its service
    // One that fails again and again would have every turn.
    const bool takes_turn = is_ordered_ && !known.was_started;
    if (takes_turn && (awaits_turn_ || !start_order_.is_free(now))) {
        awaits_turn_ = true;
        return;
    }
    if (monotonic_now() < actor_.no_start_before() || adopted_.take_over(services_, known)) return;
    actor_.carry_out(Due::Start, services_, known);
    const bool runs = known.pid != 0 && known.complaint.code == 0;
    if (takes_turn && runs) start_order_.started(known.name, now);
}

void Supervisor::stop()
{
    if (!std::exchange(is_rest_taken_over_, true)) take_over_rest();
    container_.carry_on(services_);
}

// What an earlier runsvdir has left is to end with the rest, even if there was no time yet to look for it.
void Supervisor::take_over_rest()
{
    if (!scanner_.is_in_place()) return;
    for (Known& known : services_.all()) {
        if (known.pid == 0) adopted_.take_over(services_, known);
    }
}

int Supervisor::hang_up()
{
    reap();  // never signal a dead pid
    take_over_rest();
    for (Known& known : services_.all()) {
        if (known.pid != 0) Actor::stop(known);
    }
    return 111;
}

}  // namespace runsuite::runsvdir
