#include "runsv/supervisor.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "app/kept_lines.hpp"
#include "app/report.hpp"
#include "app/state_dir.hpp"
#include "model/exit_record.hpp"
#include "posix/clock.hpp"
#include "posix/process.hpp"

namespace runsuite::runsv {

namespace {

using namespace std::chrono_literals;

Now now()
{
    return {monotonic_now(), wall_now()};
}

// What a fifo holds at most, see pipe(7): no turn of the loop takes more, so that no writer keeps a signal waiting.
constexpr int commands_a_turn = 65536;

// Apart from its caller, which has a page of stack to share with all that it starts.
[[gnu::noinline]] Actions enter(Service& service, const Event& event)
{
    const Step step = runsv::step(service, event);
    service = step.next;
    return step.actions;
}

}  // namespace

Outcome Supervisor::open(const char* directory)
{
    argument_ = directory;
    if (::chdir(directory) < 0) return Error::last("change to directory");
    // Of a standard error that nobody reads any more, and of a limit of file sizes: both are errors of a write(2) as well.
    if (auto opened = signals_.open({}, {SIGPIPE, SIGXFSZ}); !opened) return opened;
    const auto name = state_dir::name_of(directory);
    space_ = this_process_space();
    if (auto claimed = main_.directory.open(name, service_dir::of_service, Lock::Try); !claimed) return claimed;
    struct stat about {};
    if (::stat(service_dir::log, &about) == 0) {
        if (S_ISDIR(about.st_mode)) {
            if (auto opened = open_log(Lock::Wait); !opened) return opened;
        } else report::warn(Error{"use ./log", ENOTDIR});
    } else if (errno != ENOENT) {
        return Error::last("stat ./log");
    }
    if (auto opened = open_service(main_, service_dir::of_service); !opened) return opened;
    return signals_.add({SIGCHLD, SIGTERM});
}

// The lock is waited for at the start; TERM still ends runsv meanwhile, and nobody can give a command that is not obeyed yet.
Outcome Supervisor::open_log(Lock how)
{
    const auto name = state_dir::name_of(argument_);
    if (auto opened = pipe_.open(main_.directory.names().output); !opened) return opened;
    if (auto claimed = log_.directory.open(name, service_dir::of_log, how); !claimed) return claimed;
    if (auto opened = open_service(log_, service_dir::of_log); !opened) return opened;
    has_log_ = true;
    return success();
}

// One that was added later, before a ./run is started which is to write to it.
void Supervisor::take_up_log()
{
    if (has_log_ || !is_directory(service_dir::log)) return;
    const auto opened = open_log(Lock::Try);
    if (opened) return feed(log_, {});
    if (!std::exchange(log_was_refused_, true)) report::warn(opened.error());
    pipe_ = {};
}

Outcome Supervisor::open_service(Supervised& one, const service_dir::Names& names)
{
    const Kind kind = &one == &main_ ? Kind::Main : Kind::Log;
    one.service = new_service(kind, exists(names.down) ? Want::Down : Want::Up, now());
    struct stat about {};
    if (::stat(kind == Kind::Main ? "." : service_dir::log, &about) < 0) return Error::last("stat the directory");
    one.directory.record().open(one.directory.lock(), {space_, about.st_dev, about.st_ino});
    if (const auto left = one.directory.record().left()) inherit(one, *left);
    // Before anything is started: ./run may ask for its own state, or give a command, in its first moment.
    publish(one);
    return one.directory.open_control();
}

namespace {

// What is left of a process. When that cannot be told it is said: a second one may come to run beside it.
UniqueFd find_left(const ProcessMark& mark)
{
    if (mark.pid == 0) return {};
    auto found = find_process(mark);
    if (found) return std::move(*found);
    if (found.error().code != ESRCH) {
        FixedString<48> name{"that an earlier runsv left, pid "};
        report::warn(found.error(), name.append_number(mark.pid).view());
    }
    return {};
}

}  // namespace

void Supervisor::inherit(Supervised& one, const LockRecord& left)
{
    one.process.watch(find_left(left.process));
    one.script.watch(find_left(left.script_process));
    const Living living{one.process.fd() >= 0, one.script.fd() >= 0};
    if (!living.process && !has_first_process_seen(left.runsv.alive_at)) return;
    one.service = inherited(one.service, left, living);
    one.directory.record().take_over(left);
    one.directory.resume(one.service);
}

int Supervisor::run()
{
    if (has_log_) feed(log_, {});
    feed(main_, {});
    if (main_.service.script != 0 && main_.service.script_pid == 0)
        feed(main_, {.what = Event::What::ScriptEnded});
    while (!is_finished()) {
        guard_pipe();
        look_ahead_.watch(awaits_script(main_.service), main_.directory.control());
        if (const auto ready = wait(); !ready) tell_of_wait(ready.error());
        reap();
        if (has_log_) read_controls(log_);
        read_controls(main_);
        if (told_to_exit_) terminate();
        if (has_log_) tick(log_);
        tick(main_);
    }
    return 0;
}

Result<int> Supervisor::wait()
{
    // A descriptor of -1 is passed over. Commands stay in the fifo while a control script is awaited.
    const bool takes_commands = !main_.retired && !awaits_script(main_.service);
    std::array watched{
        pollfd{takes_commands ? main_.directory.control() : look_ahead_.fd(), POLLIN, 0},
        pollfd{log_.directory.control(), POLLIN, 0},
        main_.process.to_poll(),
        main_.script.to_poll(),
        log_.process.to_poll(),
        pollfd{pipe_.unread_fd(), POLLIN, 0},
        report::kept_lines(),
    };
    const Instant due =
        std::min({deadline(main_.service), deadline(log_.service), main_.publish_again, log_.publish_again,
                  guard_again_, stable_at(main_), stable_at(log_), main_.process.deadline(),
                  main_.script.deadline(), log_.process.deadline(), background_.deadline()});
    const auto left = due == never ? never : std::max(due - monotonic_now(), Instant::zero());
    auto ready = signals_.wait(watched, left);
    told_to_exit_ = Signals::take(SIGTERM);
    if (!ready) return ready;
    see_ends(main_, watched[2].revents, watched[3].revents);
    see_ends(log_, watched[4].revents, 0);
    if (!takes_commands && watched[0].revents != 0 && look_ahead_.finds_kill(main_.directory.control()))
        feed(main_, {.what = Event::What::KillScript});
    if (watched[5].revents != 0) relieve_pipe();
    if (watched[6].revents != 0) report::write_kept_lines();
    return ready;
}

// Of processes that are not our children.
void Supervisor::see_ends(Supervised& one, short process, short script)
{
    const Instant moment = monotonic_now();
    if (const auto status = one.process.end(process, moment)) {
        end(one, *status);
    }
    if (const auto status = one.script.end(script, moment)) {
        feed(one, {.what = Event::What::ScriptEnded, .handled = *status == 0});
    }
}

void Supervisor::reap()
{
    if (!Signals::take(SIGCHLD)) return;
    while (const auto death = reap_child()) {
        for (Supervised* one : {&main_, &log_}) {
            if (death->pid == one->service.pid) {
                end(*one, death->wait_status);
            } else if (death->pid == one->service.script_pid) {
                feed(*one, {.what = Event::What::ScriptEnded, .handled = death->wait_status == 0});
            }
        }
    }
}

// A service that is essential to others: whoever started us is told of its end, and has a second to act on it. When we are
// told to exit in the same moment, the end was asked for, and the second keeps the service from being started once more.
void Supervisor::end(Supervised& one, int wait_status)
{
    const bool is_main = &one == &main_;
    const bool is_unasked = !told_to_exit_ && ends_unasked(one.service);
    if (has_run(one.service)) one.deaths.add(one.directory.names().deaths, one.service, wait_status, !is_unasked);
    const bool is_left = is_unasked && is_main && exists(service_dir::essential);
    if (is_left) leave_end(wait_status);
    else if (is_unasked && (tells_of_ends_ || !is_main)) tell_of_end(one, wait_status);
    if (!is_main) background_.doubt();
    else if (has_run(one.service)) tell_of_background(wait_status, is_unasked);
    const bool is_put_off = is_left || (is_main && told_to_exit_);
    const std::size_t input_left = is_main || !main_.retired ? 0 : pipe_.size();
    feed(
        one,
        {.what = Event::What::Ended, .wait_status = wait_status, .put_off = is_put_off, .input_left = input_left});
}

// Nobody minds a CHLD but one who waits for children, or a URG but one who waits for that.
void Supervisor::tell_parent(int signal)
{
    const pid_t parent = ::getppid();
    if (parent > 0) ::kill(parent, signal);
}

[[gnu::noinline]] void Supervisor::leave_end(int wait_status) const
{
    auto line = ExitRecord::of(wait_status).text();
    line.append("\n");
    const auto& names = main_.directory.names();
    const auto written = replace_file(names.exit, names.exit_scratch, line.view(), "write");
    if (!written) report::warn(written.error());
    if (written) tell_parent(SIGURG);
}

// One byte at a time, carried out and published before the next is read: whoever finds the fifo empty knows that
// everything before the last byte has been done.
void Supervisor::read_controls(Supervised& one)
{
    for (int count = 0; count < commands_a_turn && !one.retired && !awaits_script(one.service); ++count) {
        const auto byte = one.directory.read_control();
        if (!byte) return;
        if (const auto command = command_of(*byte)) feed(one, {.what = Event::What::Told, .command = *command});
    }
}

// TERM is `x`, except that it waits for no control script: what was written to the fifo before it is obeyed first.
void Supervisor::terminate()
{
    if (main_.retired) return;
    while (awaits_script(main_.service)) {
        feed(main_, {.what = Event::What::Hurry});
        read_controls(main_);
    }
    feed(main_, {.what = Event::What::Told, .command = Command::Exit});
}

void Supervisor::tick(Supervised& one)
{
    const Instant moment = monotonic_now();
    if (moment >= deadline(one.service)) feed(one, {});
    if (moment >= one.publish_again) publish(one);
    if (moment >= background_.deadline()) background_.lasted();
    if (moment >= stable_at(one)) tell_of_stable(one);
}

void Supervisor::feed(Supervised& one, const Event& event)
{
    advance(one, event);
    publish(one);
}

// Only the last action of a step has an answer.
void Supervisor::advance(Supervised& one, const Event& event)
{
    for (std::optional<Event> next = event; next;) {
        next->now = now();
        const Actions actions = enter(one.service, *next);
        next.reset();
        for (const Action& action : actions) {
            prepare(one, action);
            if (action.what == Action::What::Retire) retire(one);
            else next = one.actor.carry_out(action, one.service, one.process.fd());
            if (next) tell_of_start(one, action, *next);
        }
    }
}

void Supervisor::prepare(const Supervised& one, const Action& action)
{
    const bool starts_run = action.what == Action::What::StartRun;
    if (starts_run && &one == &main_) {
        take_up_log();
        background_.begin(ours(), monotonic_now());
    } else if (starts_run || action.what == Action::What::AskScript) {
        background_.doubt();
    }
}

// Where supervise/ cannot be written it says so once, and tries again every second.
void Supervisor::publish(Supervised& one)
{
    const auto published = one.directory.publish(one.service);
    if (!published && one.publish_again == never) report::warn(published.error());
    one.publish_again = published ? never : monotonic_now() + 1s;
    const bool is_started = &one == &main_ && (one.service.state == State::Run || one.service.want != Want::Up);
    if (tells_of_start_ && is_started) {
        tells_of_start_ = false;
        tell_parent(SIGCHLD);
    }
}

// The end of the main service is the end of the log's input; the log ends by itself when it has read the rest.
void Supervisor::retire(Supervised& one)
{
    one.retired = true;
    if (&one != &main_ || !has_log_) return;
    pipe_.close_writing();
    feed(log_, {.what = Event::What::InputClosed});
}

bool Supervisor::log_is_switched_off() const
{
    return has_log_ && !main_.retired && log_.service.state == State::Down && log_.service.want == Want::Down &&
           !log_.service.once;
}

// One that runs is given the chance to read.
bool Supervisor::log_is_given_up() const
{
    return may_lose_ && is_failing(log_.ends) && !main_.retired && log_.service.state != State::Run;
}

void Supervisor::guard_pipe()
{
    const bool is_unread = log_is_switched_off() || log_is_given_up();
    if (lost_ > 0 && !is_unread && !is_failing(log_.ends)) tell_of_loss();
    const auto guarded = pipe_.set_unread(is_unread);
    if (!guarded && guard_again_ == never) report::warn(guarded.error());
    guard_again_ = guarded ? never : monotonic_now() + 1s;
}

}  // namespace runsuite::runsv
