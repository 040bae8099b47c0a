#include "svlogd/logger.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <new>

#include "app/kept_lines.hpp"
#include "app/report.hpp"
#include "posix/clock.hpp"
#include "svlogd/local_time.hpp"

namespace runsuite::svlogd {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t block_size = 256UL * 1024;
// Less than this in use is not worth the page faults of getting it again.
constexpr std::size_t worth_handing_back = 8UL * 1024;
constexpr Instant idle_time = 1s;
constexpr Instant pause_after_error = 1s;
constexpr int exit_no_logs = 111;
constexpr int exit_lines_lost = 111;

// A writer and its reader take fewer turns the more a pipe holds. Not all pipes may be as large, and not all input is
// a pipe.
void widen_pipe()
{
#ifdef F_SETPIPE_SZ
    const int size = ::fcntl(STDIN_FILENO, F_GETPIPE_SZ);
    if (size > 0 && size < static_cast<int>(block_size))
        ::fcntl(STDIN_FILENO, F_SETPIPE_SZ, static_cast<int>(block_size));
#endif
}

}  // namespace

Outcome Logger::open(const Options& options)
{
    common_.options = options;
    const OffsetOf offset = options.local_time || options.stamp == StampFormat::IsoOffset ? local_offset : nullptr;
    common_.stamp = TimeStamp{options.stamp, offset};
    common_.iso_stamp = TimeStamp{StampFormat::IsoOffset, options.local_time ? local_offset : nullptr};
    name_service(common_.service, common_.host);
    if (auto caught = signals_.open({SIGTERM, SIGHUP, SIGALRM, SIGCHLD}); !caught) return caught;
    // A file size limit and a reader of standard error that is gone are errors of write(2) like others. Not SIG_IGN, which
    // the processors would inherit.
    for (const int number : {SIGXFSZ, SIGPIPE}) ::signal(number, [](int) {});
    common_.child_mask = signals_.child_mask();

    widen_pipe();
    auto memory = Memory::map(std::max<std::size_t>(block_size, options.buffer_size) + 2 * options.line_length);
    if (!memory) return memory.error();
    memory_ = std::move(*memory);
    reader_ = LineReader{memory_.bytes()};

    return make_logs();
}

// They live as long as the program.
Outcome Logger::make_logs()
{
    const auto directories = common_.options.directories;
    void* room = room_for_one_;
    if (directories.size() > 1) {
        auto memory = Memory::map(directories.size() * sizeof(Log));
        if (!memory) return memory.error();
        room_for_more_ = std::move(*memory);
        room = room_for_more_.bytes().data();
    }
    auto* const logs = static_cast<Log*>(room);
    for (std::size_t index = 0; index < directories.size(); ++index) {
        (new (logs + index) Log)->prepare(directories[index], common_);
    }
    logs_ = {logs, directories.size()};
    return success();
}

bool Logger::reopen(Instant now)
{
    bool any = false;
    for (Log& log : logs_) any = log.open(reader_.input(), reader_.is_at_line_start(), now) || any;
    if (!any) report::inform("fatal: no functional log directories.");
    return any;
}

int Logger::run()
{
    if (!reopen(monotonic_now())) return exit_no_logs;
    while (!is_done()) {
        const bool has_room = !is_stuck() && !reader_.room().empty();
        const bool wants_input = state_ != State::Ended && has_room && read_again_at_ == never;
        // Held up, it still hears that the last writer is gone.
        const bool listens = wants_input || (state_ != State::Ended && !common_.is_ending());
        std::array watched{pollfd{listens ? STDIN_FILENO : -1, static_cast<short>(wants_input ? POLLIN : 0), 0},
                           report::kept_lines()};
        const pollfd& input = watched[0];
        const Instant until = deadline();
        auto ready = signals_.wait(watched, until == never ? never : until - monotonic_now());
        if (!ready && !warned_wait_) report::warn(ready.error());
        warned_wait_ = !ready;
        const Instant now = monotonic_now();
        take_signals(now);
        if (failed_) return exit_no_logs;
        if (watched[1].revents != 0) report::write_kept_lines();
        if (input.revents != 0 && wants_input) read_input(now);
        else if ((input.revents & POLLHUP) != 0) hang_up(now);
        for (Log& log : logs_) log.tick(now);
        distribute(now);
        give_back_memory(now);
        if (common_.is_ending()) tell_waits(now);
    }
    return finish();
}

int Logger::finish()
{
    bool is_all_written = true;
    for (Log& log : logs_) is_all_written = log.finish(reader_.input(), monotonic_now()) && is_all_written;
    return is_all_written ? 0 : exit_lines_lost;
}

void Logger::take_signals(Instant now)
{
    if (Signals::take(SIGCHLD)) reap(now);
    if (Signals::take(SIGTERM)) take_term(now);
    if (Signals::take(SIGALRM)) {
        if (common_.options.verbose) report::inform("info: sigalarm received.");
        for (Log& log : logs_) log.ask_rotation();
    }
    if (Signals::take(SIGHUP)) {
        if (common_.options.verbose) report::inform("info: sighangup received.");
        distribute(now);
        failed_ = !reopen(now);
    }
}

void Logger::take_term(Instant now)
{
    if (common_.options.verbose) report::inform("info: sigterm received.");
    if (common_.terms > 0) return end_by_force(now);
    common_.terms = 1;
    if (state_ != State::Reading) return;
    state_ = State::FinishingLine;
    begin_end(now);  // a line that waits for a processor that fails would wait for ever
    if (reader_.is_at_line_start()) end_input(now);
}

// What has kept the end waiting is given up, or left to the next svlogd.
void Logger::end_by_force(Instant now)
{
    common_.leaves_files = true;
    for (Log& log : logs_) log.leave_processor(now);
    const bool is_held_up =
        std::any_of(logs_.begin(), logs_.end(), [](const Log& log) { return log.is_held_up(); });
    if (is_held_up) common_.gives_up = true;
    // The rest of a line whose writer stands still is a successor's.
    if (is_held_up || state_ == State::FinishingLine) end_input(now);
}

void Logger::reap(Instant now)
{
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
        if (common_.options.verbose) report::inform("info: sigchild received.");
        for (Log& log : logs_) log.child_ended(pid, status, now);
    }
}

void Logger::read_input(Instant now)
{
    if (state_ == State::Ended) return;  // by a TERM that came with these bytes: they are a successor's
    auto room = reader_.room();
    if (state_ == State::FinishingLine) room = room.first(1);
    const ssize_t count = ::read(STDIN_FILENO, room.data(), room.size());
    if (count == 0) return end_input(now);
    if (count < 0) {
        if (errno == EAGAIN || errno == EINTR) return;
        if (!warned_input_) report::warn(Error::last("read standard input"));
        warned_input_ = true;
        read_again_at_ = now + pause_after_error;
        return;
    }
    warned_input_ = false;
    if (state_ == State::Reading) common_.ending_since = never;  // a fifo may have a new writer
    const auto size = static_cast<std::size_t>(count);
    if (common_.options.replaces) {
        for (char& letter : room.first(size))
            letter = common_.options.replacement[static_cast<unsigned char>(letter)];
    }
    reader_.accept(size, wall_now());
    if (state_ == State::Reading && pace_.lets_gather(now, size)) read_again_at_ = now + Pace::gathering;
    if (size > worth_handing_back) hand_back_at_ = now + idle_time;
    if (state_ == State::FinishingLine && reader_.is_at_line_start()) end_input(now);
}

// The last writer is gone, but there may be more in the pipe than could be taken yet.
void Logger::hang_up(Instant now)
{
    begin_end(now);
    int left = 0;
    if (::ioctl(STDIN_FILENO, FIONREAD, &left) == 0 && left == 0) end_input(now);
}

void Logger::begin_end(Instant now)
{
    common_.ending_since = std::min(common_.ending_since, now);
}

void Logger::end_input(Instant now)
{
    reader_.finish(wall_now());
    state_ = State::Ended;
    begin_end(now);
}

void Logger::distribute(Instant now)
{
    const Input input = reader_.input();
    std::size_t taken = input.bytes.size();
    for (Log& log : logs_) {
        log.take(input, now);
        taken = std::min(taken, log.taken());
    }
    if (taken == 0) return;
    reader_.discard(taken);
    for (Log& log : logs_) log.follow(taken);
}

void Logger::tell_waits(Instant now)
{
    for (Log& log : logs_) {
        log.tell_wait(reader_.input());
        log.tell_processor_wait(now);
    }
}

void Logger::give_back_memory(Instant now)
{
    if (read_again_at_ <= now) read_again_at_ = never;
    if (hand_back_at_ > now || is_stuck()) return;
    hand_back_at_ = never;
    memory_.hand_back(reader_.input().bytes.size());
    for (Log& log : logs_) {
        if (log.is_drained()) log.hand_back_memory();
    }
}

bool Logger::is_stuck() const
{
    return std::any_of(logs_.begin(), logs_.end(), [](const Log& log) { return log.is_stuck(); });
}

bool Logger::is_done() const
{
    if (state_ != State::Ended || !reader_.input().bytes.empty()) return false;
    return std::all_of(logs_.begin(), logs_.end(), [](const Log& log) { return log.is_finished(); });
}

Instant Logger::deadline() const
{
    Instant first = std::min(is_stuck() ? never : hand_back_at_, read_again_at_);
    for (const Log& log : logs_) first = std::min(first, log.deadline());
    return first;
}

}  // namespace runsuite::svlogd
