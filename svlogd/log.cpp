#include "svlogd/log.hpp"
#include "svlogd/text.hpp"

#include <algorithm>

#include "app/report.hpp"
#include "posix/clock.hpp"

namespace runsuite::svlogd {

namespace {

using namespace std::chrono_literals;

constexpr Instant look_pause = 5s;
constexpr Instant moment_of_processor = 1s;

// In a frame of its own: every page of stack that the start touches stays for the life of the program.
[[gnu::noinline]] void tell_config_read(const LogDirectory& directory)
{
    report::inform(report::Line{"info: read: "}.append(full_name(directory, "config").view()).view());
}

}  // namespace

void Log::prepare(const char* path, Common& common)
{
    path_ = path;
    common_ = &common;
    apply(Settings::defaults(common.options.line_length), Instant{0});
}

void Log::apply(Settings settings, Instant now)
{
    settings_ = std::move(settings);
    const Config& config = settings_.config;
    const bool alerts = config.alerts();
    if (settings_.was_read && common_->options.verbose) tell_config_read(directory_);
    owner_.open(config.owner, common_->child_mask, now);
    use_owner();
    udp_.open(config.udp, common_->child_mask, now);
    const bool has_udp = !config.udp.host.empty();
    judged_ = alerts || config.filters() || has_udp;
    const bool is_plain =
        config.prefix.empty() && common_->options.stamp == StampFormat::None && config.format == LineFormat::Text;
    by_line_ = judged_ || !is_plain;
    constexpr std::size_t words = 256;  // of ours, with the stamp
    const std::size_t grows = config.format == LineFormat::Json ? LineOutput::most_for_a_byte : 1;
    most_before_line_ = grows * (config.prefix.size() + service().size() + words);
    if (has_udp) most_before_line_ += most_before_line_ + grows * common_->options.line_length;
}

void Log::use_owner()
{
    new_file_ = {settings_.config.mode, owner_.ids().user, owner_.ids().group};
}

Outcome Log::get_memory()
{
    // Room for a block with its stamps, and for any heading.
    const std::size_t needed = std::max<std::size_t>(by_line_ ? 128 * 1024 : 4096, 2 * most_before_line_);
    if (memory_.bytes().size() >= needed) return success();
    auto memory = Memory::map(needed);
    if (!memory) return memory.error();
    LineOutput output{memory->bytes()};
    output.put(output_.pending());
    output_ = output;
    memory_ = std::move(*memory);
    return success();
}

void Log::ask_rotation()
{
    if (is_open() && writer_.size() > 0) rotation_due_ = true;
}

Instant Log::deadline() const
{
    if (!is_open()) return never;
    if (removal_.is_due() && !common_->is_ending()) return Instant{0};
    const bool is_process_due = has_waiting_ && !processor_.is_running() && !leaves_to_next();
    const Instant process_at = is_process_due ? processor_.not_before() : never;
    return std::min({trouble_.retry_at(), age_deadline_, process_at, processor_wait_told_at(), udp_.deadline(),
                     owner_.deadline()});
}

void Log::tick(Instant now)
{
    if (!is_open()) return;
    if (now >= age_deadline_) {
        age_deadline_ = now + settings_.config.max_age;
        ask_rotation();
    }
    udp_.tick(now);
    owner_.tick(now);
    if (now >= looked_at_ + look_pause) {
        looked_at_ = now;
        leave_lost_directory(now);
    }
    if (trouble_.retry_at() <= now) {
        if (!open_again(now)) return;
        trouble_.let_try();
    }
    if (rotation_due_ && !trouble_.is_on() && writer_.size() > 0 && !writer_.ends_in_line()) rotate(now);
    if (removal_.is_due() && !common_->is_ending()) remove_old();
    process_next(now);
}

std::size_t Log::write_out(std::string_view bytes, Instant now)
{
    const Limits limits{settings_.config.size, common_->options.line_length};
    std::size_t done = 0;
    if (trouble_.is_on() || !writer_.is_open()) return 0;
    while (done < bytes.size()) {
        if (rotation_due_ && writer_.size() > 0 && !writer_.ends_in_line() && !rotate(now)) break;
        const Cut cut = next_cut(limits, writer_.size(), rotation_due_, after(bytes, done));
        const Written written = writer_.write(middle(bytes, done, cut.count));
        done += written.count;
        if (written.trouble) {
            if (make_room(written.trouble)) continue;
            const bool is_too_large = written.trouble.code == EFBIG && writer_.size() > 0;
            if (is_too_large && rotate(now)) continue;
            if (!is_too_large) stuck(written.trouble, now);
            break;
        }
        if (cut.rotate && !rotate(now)) break;
    }
    if (done == bytes.size() && !trouble_.is_on()) unstuck();
    return done;
}

void Log::child_ended(pid_t pid, int wait_status, Instant now)
{
    if (udp_.has_child(pid)) return udp_.child_ended(now);
    if (owner_.has_child(pid)) {
        owner_.child_ended();
        use_owner();
        return writer_.give_to(directory_, new_file_);
    }
    if (sync_.pid() == pid) {
        const int code = sync_.ended();
        if (code != 0) report::warn(Error{"fsync current logfile:", code}, path_);
        return;
    }
    if (processor_.pid() != pid) return;
    processor_.child_ended(directory_, wait_status, now);
    const bool succeeded = !processor_.is_running() && !processor_.has_failed();
    if (succeeded && trouble_.is_of_processor()) trouble_.hurry(now);
    if (is_open()) process_next(now);
}

Instant Log::processor_wait_told_at() const
{
    const bool tells = common_->is_ending() && awaits_processor() && told_end_ != common_->ending_since;
    return tells ? common_->ending_since + moment_of_processor : never;
}

void Log::tell_processor_wait(Instant now)
{
    if (!is_open() || now < processor_wait_told_at()) return;
    told_end_ = common_->ending_since;
    report::Line line{
        "unable to end before the processor has ended, a second TERM leaves its file to the next svlogd: "};
    report::append_name(line, path_);
    report::warn(line.view());
}

void Log::leave_processor(Instant now)
{
    if (processor_.is_running()) ::kill(processor_.pid(), SIGTERM);
    if (trouble_.is_of_processor()) trouble_.hurry(now);
}

}  // namespace runsuite::svlogd
