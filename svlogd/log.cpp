#include "svlogd/log.hpp"
#include "svlogd/text.hpp"

#include <algorithm>

#include "app/report.hpp"
#include "posix/clock.hpp"
#include "svlogd/owner.hpp"
#include "svlogd/pause.hpp"

namespace runsuite::svlogd {

namespace {

using namespace std::chrono_literals;

constexpr Instant first_pause = 50ms;
constexpr Instant longest_pause = 2s;
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

bool Log::open(const Input& input, bool at_line_start, Instant now)
{
    const bool was_open = is_open();
    if (was_open) close();
    if (!open_directory(now)) {
        directory_.close();
        if (was_open) tell_lost(input);
        return false;
    }
    if (!was_open) {
        cursor_.skip_to_end(input, at_line_start);
        chosen_ = false;  // what is left of the present line
        output_.clear();
        end_torn_line();
    }
    if (!processor_.is_running()) has_waiting_ = !settings_.config.processor.empty();
    process_next(now);
    return true;
}

bool Log::open_directory(Instant now)
{
    const auto& options = common_->options;
    auto directory = LogDirectory::open(path_, options.create);
    if (!directory) {
        report::warn(directory.error(), path_);
        return false;
    }
    directory_ = std::move(*directory);
    auto settings = Settings::read(directory_, options.line_length);
    if (settings) apply(std::move(*settings), now);
    else report::warn(settings.error(), path_);  // the previous ones stay
    if (auto memory = get_memory(); !memory) {
        report::warn(memory.error(), path_);
        return false;
    }
    unstuck();
    open_current(now);
    const auto max_age = settings_.config.max_age;
    age_deadline_ = max_age.count() > 0 ? now + max_age : never;
    return true;
}

void Log::apply(Settings settings, Instant now)
{
    settings_ = std::move(settings);
    const Config& config = settings_.config;
    const bool alerts = config.alerts();
    if (settings_.was_read && common_->options.verbose) tell_config_read(directory_);
    new_file_ = NewFile{};
    new_file_.mode = config.mode;
    if (auto found = find_owner(config.owner, new_file_); found) new_file_ = *found;
    else report::warn(found.error(), config.owner);
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

void Log::close()
{
    writer_.close(directory_, common_->options.verbose);
    directory_.close();
}

void Log::ask_rotation()
{
    if (is_open() && writer_.size() > 0) rotation_due_ = true;
}

Instant Log::deadline() const
{
    if (!is_open()) return never;
    const bool is_process_due = has_waiting_ && !processor_.is_running() && !leaves_to_next();
    const Instant process_at = is_process_due ? processor_.not_before() : never;
    return std::min({retry_at_, age_deadline_, process_at, processor_wait_told_at(), udp_.deadline()});
}

void Log::tick(Instant now)
{
    if (!is_open()) return;
    if (now >= age_deadline_) {
        age_deadline_ = now + settings_.config.max_age;
        ask_rotation();
    }
    udp_.tick(now);
    if (retry_at_ <= now) {
        if (!writer_.is_open() && !open_current(now)) return;
        retry_at_ = never;
    }
    if (rotation_due_ && retry_at_ == never && writer_.size() > 0 && !writer_.ends_in_line()) rotate(now);
    process_next(now);
}

bool Log::open_current(Instant now)
{
    for (;;) {
        const auto opened = writer_.open(directory_, new_file_, common_->options.verbose);
        if (opened) return true;
        if (make_room(opened.error())) continue;
        stuck(opened.error(), now);
        return false;
    }
}

bool Log::rotate(Instant now)
{
    rotation_due_ = true;
    const Config& config = settings_.config;
    const bool processes = !config.processor.empty();
    if (processes && config.keep != 0 && !leaves_to_next() && (processor_.is_running() || has_waiting_) &&
        directory_.waiting().count >= config.keep) {
        stuck({"rotate current, the processor is behind:", 0}, now);
        return false;
    }
    const auto kind = processes ? Kind::Unprocessed : Kind::Complete;
    const auto rotated = writer_.rotate(directory_, kind, common_->options.verbose);
    if (!rotated && writer_.is_open()) {
        if (make_room(rotated.error())) return rotate(now);
        stuck(rotated.error(), now);
        return false;
    }
    rotation_due_ =
        false;  // though a new current may be missing still: with fewer old files there may be room for it
    if (config.max_age.count() > 0) age_deadline_ = now + config.max_age;
    directory_.prune({config.keep, processor_.at_work_on(), processes, common_->options.verbose});
    if (processes) has_waiting_ = true;
    const bool goes_on = writer_.is_open() || open_current(now);
    process_next(now);
    return goes_on;
}

std::size_t Log::write_out(std::string_view bytes, Instant now)
{
    const Limits limits{settings_.config.size, common_->options.line_length};
    std::size_t done = 0;
    if (retry_at_ != never || !writer_.is_open()) return 0;
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
    if (done == bytes.size() && retry_at_ == never) unstuck();
    return done;
}

// On a full disk, config may allow to remove old files, one after the other.
bool Log::make_room(const Error& trouble)
{
    const unsigned least = settings_.config.keep_at_least;
    if (!is_full(trouble.code) || least == 0) return false;
    if (directory_.prune({least, processor_.at_work_on(), false, true, 1}) == 0) return false;
    report::warn(report::Line{"out of disk space, old log files deleted: "}.append(path_).view());
    return true;
}

void Log::stuck(const Error& why, Instant now)
{
    const int told = why.code != 0 ? why.code : processor_is_behind;
    if (told_ != told) report::warn(why, path_);
    told_ = told;
    pause_ = longer_pause(pause_, first_pause, longest_pause);
    retry_at_ = now + pause_;
}

void Log::unstuck()
{
    if (told_ != 0 && common_->options.verbose) {
        report::inform(report::Line{"info: writing again: "}.append(path_).view());
    }
    told_ = 0;
    told_wait_ = -1;
    pause_ = Instant{0};
    retry_at_ = never;
}

void Log::process_next(Instant now)
{
    if (!has_waiting_ || leaves_to_next() || processor_.is_running() || now < processor_.not_before()) return;
    const auto waiting = directory_.waiting();
    has_waiting_ = waiting.oldest.has_value() && !settings_.config.processor.empty();
    if (!has_waiting_) return;
    processor_.start(
        directory_, {settings_.processor(), *waiting.oldest, &common_->child_mask, common_->options.verbose}, now);
}

void Log::child_ended(pid_t pid, int wait_status, Instant now)
{
    if (udp_.has_child(pid)) return udp_.child_ended(now);
    const bool succeeded = processor_.ended(directory_, wait_status, now);
    if (succeeded && told_ == processor_is_behind) retry_at_ = now;
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
    if (told_ == processor_is_behind && retry_at_ != never) retry_at_ = now;
}

}  // namespace runsuite::svlogd
