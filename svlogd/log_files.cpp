// The part of Log that looks after the directory and its files.
#include "app/report.hpp"
#include "svlogd/log.hpp"

namespace runsuite::svlogd {

namespace {

bool is_full(int code)
{
    return code == ENOSPC || code == EDQUOT;
}

// In a frame of its own: every page of stack that is touched stays for the life of the program.
[[gnu::noinline]] void tell_lost_directory(const char* path)
{
    report::Line line{"log directory was removed or replaced, its path is looked up again: "};
    report::append_name(line, path);
    report::warn(line.view());
}

}  // namespace

bool Log::open(const Input& input, bool at_line_start, Instant now)
{
    const bool was_open = is_open();
    if (was_open) close();
    if (const auto opened = open_directory(now); !opened) {
        report::warn(opened.error(), path_);
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
    return true;
}

// What was open before stays when it fails.
Outcome Log::open_directory(Instant now)
{
    const auto& options = common_->options;
    auto directory = LogDirectory::open(path_, options.create);
    if (!directory) return directory.error();
    directory_.close();
    directory_ = std::move(*directory);
    looked_at_ = now;
    auto settings = Settings::read(directory_, options.line_length);
    if (settings) apply(std::move(*settings), now);
    else report::warn(settings.error(), path_);  // the previous ones stay
    if (auto memory = get_memory(); !memory) return memory;
    unstuck();
    removal_.give_up();
    open_current(now);
    const auto max_age = settings_.config.max_age;
    age_deadline_ = max_age.count() > 0 ? now + max_age : never;
    if (!processor_.is_running()) has_waiting_ = !settings_.config.processor.empty();
    process_next(now);
    return success();
}

// For HUP, which does not wait for the disk.
void Log::close()
{
    const std::array file{writer_.fd()};
    sync_.leave();
    if (writer_.is_open()) {
        if (const auto started = sync_.start(common_->child_mask, file); !started)
            report::warn(Error{"fsync current logfile:", started.error().code}, path_);
    }
    writer_.close(directory_, common_->options.verbose);
    directory_.close();
}

// Whatever is written there from now on nobody would find. A new one is looked for as soon as nothing is being written.
bool Log::leave_lost_directory(Instant now)
{
    if (!directory_.is_lost()) return false;
    if (writer_.is_open()) {
        tell_lost_directory(path_);
        writer_.close(directory_, common_->options.verbose);
        rotation_due_ = false;
        trouble_.begin(ENOENT, now);
    }
    trouble_.hurry(now);
    return true;
}

// Once more, what could not be written to or opened.
bool Log::open_again(Instant now)
{
    if (!leave_lost_directory(now)) return writer_.is_open() || open_current(now);
    const auto opened = open_directory(now);
    if (!opened) stuck(opened.error(), now);
    return opened && writer_.is_open();
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
    if (leave_lost_directory(now)) return false;
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
    remove_old();
    if (processes) has_waiting_ = true;
    const bool goes_on = writer_.is_open() || open_current(now);
    process_next(now);
    return goes_on;
}

void Log::remove_old()
{
    const Config& config = settings_.config;
    removal_.remove_some(
        directory_, {config.keep, processor_.at_work_on(), !config.processor.empty(), common_->options.verbose});
}

// On a full disk, config may allow to remove old files, one after the other.
bool Log::make_room(const Error& trouble)
{
    const unsigned least = settings_.config.keep_at_least;
    if (!is_full(trouble.code) || least == 0) return false;
    if (!for_room_.has_names()) for_room_.find(directory_, {least, processor_.at_work_on(), false, true});
    if (!for_room_.has_names() || !for_room_.remove_one(directory_)) return false;
    report::warn(report::Line{"out of disk space, old log files deleted: "}.append(path_).view());
    return true;
}

void Log::stuck(const Error& why, Instant now)
{
    if (trouble_.begin(why.code != 0 ? why.code : Trouble::processor_is_behind, now)) report::warn(why, path_);
}

void Log::unstuck()
{
    for_room_.give_up();
    if (trouble_.end() && common_->options.verbose) {
        report::inform(report::Line{"info: writing again: "}.append(path_).view());
    }
}

void Log::process_next(Instant now)
{
    if (!has_waiting_ || leaves_to_next() || processor_.is_running() || now < processor_.not_before()) return;
    const auto waiting = directory_.waiting();
    has_waiting_ = waiting.oldest.has_value() && !settings_.config.processor.empty();
    if (!has_waiting_) return;
    for_room_.give_up();  // its file may be among these
    processor_.start(
        directory_, {settings_.processor(), *waiting.oldest, &common_->child_mask, common_->options.verbose}, now);
}

}  // namespace runsuite::svlogd
