// One log: a directory, its config, and everything that happens to a line on its way there.
//
// A log never waits. What it cannot write it keeps, says so once, and asks by deadline() to be called again.
#pragma once

#include <csignal>

#include "app/kept_lines.hpp"
#include "base/instant.hpp"
#include "svlogd/line_output.hpp"
#include "svlogd/line_reader.hpp"
#include "svlogd/log_directory.hpp"
#include "svlogd/log_writer.hpp"
#include "svlogd/memory.hpp"
#include "svlogd/options.hpp"
#include "svlogd/owner.hpp"
#include "svlogd/processor.hpp"
#include "svlogd/removal.hpp"
#include "svlogd/settings.hpp"
#include "svlogd/time_stamp.hpp"
#include "svlogd/trouble.hpp"
#include "svlogd/udp.hpp"

namespace runsuite::svlogd {

// What all logs of the program have in common.
struct Common {
    Options options;
    TimeStamp stamp;
    TimeStamp iso_stamp;  // of JSON lines and of RFC 5424
    sigset_t child_mask{};
    FixedString<64> service;  // our own name for those who want one
    FixedString<64> host;
    Instant ending_since = never;  // a processor that fails from then on is not started again
    bool gives_up = false;         // what cannot be written
    bool leaves_files = false;     // to the processor of the next start, whatever ours is at work on
    int terms = 0;                 // how often the end was asked for, up to that

    bool is_ending() const { return ending_since != never; }
};

class Log {
public:
    // Both are kept.
    void prepare(const char* path, Common& common);

    // Opens the directory, or closes and opens it again: what HUP does. False: there was a warning, and the log takes
    // nothing until the next HUP.
    bool open(const Input& input, bool at_line_start, Instant now);
    bool is_open() const { return directory_.is_open(); }
    // At the end of the program. False: there were lines that could not be written, which was told.
    bool finish(const Input& input, Instant now);

    // Takes what it can of the input; taken() says how much.
    void take(const Input& input, Instant now);
    std::size_t taken() const { return cursor_.taken(); }
    void follow(std::size_t discarded) { cursor_.follow(discarded); }

    // It could not write, and nothing but the world outside can mend that.
    bool is_held_up() const { return cannot_write() && !trouble_.is_of_processor(); }
    // Tells, once for each TERM, that the program has to wait for that.
    void tell_wait(const Input& input);
    // The same, once, for a processor that is at work longer than a moment.
    void tell_processor_wait(Instant now);
    // The end does not wait for the processor.
    void leave_processor(Instant now);

    // Standard input has to wait until this log has written what it holds, or can send it.
    bool is_stuck() const { return cannot_write() || (is_open() && (awaits_answer() || awaits_standard_error())); }
    // Everything it took is with the kernel.
    bool is_drained() const { return output_.pending().empty() && !trouble_.is_on(); }

    void ask_rotation();
    // The deadlines that are over by now. Before take().
    void tick(Instant now);
    Instant deadline() const;

    // None of the others', whatever it is that has ended.
    void child_ended(pid_t pid, int wait_status, Instant now);
    // At the end of input: there is nothing more to do.
    bool is_finished() const
    {
        const bool is_processing = awaits_processor() || (has_waiting_ && !leaves_to_next());
        if (is_open() && awaits_answer()) return false;
        return !is_open() || (!is_processing && (output_.pending().empty() || drops()));
    }

    void hand_back_memory() const { memory_.hand_back(0); }

private:
    void close();
    Outcome open_directory(Instant now);
    bool leave_lost_directory(Instant now);
    bool open_again(Instant now);
    void apply(Settings settings, Instant now);
    void use_owner();
    Outcome get_memory();

    void take_blocks(const Input& input, Instant now);
    void take_lines(const Input& input, Instant now);
    bool wants(const Piece& piece, bool gives_up);
    bool begin_line(const Piece& piece);
    bool put_part(const Piece& part, Instant now);
    void put_heading(const Piece& piece);
    [[gnu::cold]] void report_line(const Piece& piece);
    [[gnu::cold]] bool send_line(const Piece& piece);
    [[gnu::cold]] void tell_unsent(const Piece& piece);
    [[gnu::cold]] void put_json_line(const Piece& when, std::string_view words, std::string_view text,
                                     std::string_view end);
    std::string_view service() const
    {
        return settings_.config.service.empty() ? common_->service.view() : settings_.config.service;
    }
    bool decide(Rule::Does yes, Rule::Does no, bool otherwise, std::string_view message) const;

    bool flush(Instant now);
    std::size_t write_out(std::string_view bytes, Instant now);
    bool open_current(Instant now);
    bool make_room(const Error& trouble);
    bool rotate(Instant now);
    void remove_old();
    void stuck(const Error& why, Instant now);
    void unstuck();

    [[gnu::cold]] void give_up(const Input& input, bool waits);
    [[gnu::cold]] bool keep(const Piece& part);
    [[gnu::cold]] void tell_loss(Instant now);
    [[gnu::cold]] void end_torn_line();
    [[gnu::cold]] bool tell_lost(const Input& input);

    bool cannot_write() const { return is_open() && trouble_.is_on() && !drops(); }
    // Of a child that looks up a name.
    bool awaits_answer() const { return (udp_.is_awaited() || owner_.is_awaited()) && common_->terms == 0; }
    // To which e sends lines.
    bool awaits_standard_error() const
    {
        return report::has_kept_lines() && settings_.config.alerts() && common_->terms == 0;
    }

    void process_next(Instant now);
    // Of all that may hold a log up only the disk lets lines go, before the second TERM.
    bool drops() const
    {
        return trouble_.is_of_disk() && (common_->gives_up || settings_.config.on_full == DiskFull::Drop);
    }

    bool awaits_processor() const { return processor_.is_running() && !common_->leaves_files; }
    Instant processor_wait_told_at() const;

    // At the end of the program nobody waits for a processor that fails: the file is left for the next start.
    bool leaves_to_next() const
    {
        return common_->leaves_files || (common_->is_ending() && processor_.has_failed());
    }

    const char* path_ = nullptr;
    Common* common_ = nullptr;
    LogDirectory directory_;
    Settings settings_;
    NewFile new_file_;
    LogWriter writer_;
    DiskSync sync_;  // of the current that HUP has closed
    Removal removal_;
    Removal for_room_;  // old files that may go for want of room
    Trouble trouble_;
    Processor processor_;
    Owner owner_;
    Udp udp_;
    LineCursor cursor_;
    LineOutput output_;
    Memory memory_;
    std::size_t most_before_line_ = 0;  // bytes of output: its heading, and a line of ours where udp fails
    bool by_line_ = false;              // lines have to be looked at one by one
    bool judged_ = false;               // and as a whole
    bool chosen_ = true;                // the line at the cursor goes into the directory
    bool is_json_line_ = false;         // and that as JSON
    bool rotation_due_ = false;
    bool has_waiting_ = false;  // there are files for the processor
    std::uint64_t lost_ = 0;
    std::uint64_t noticed_ = 0;  // the number in a notice that is not written yet, and nothing behind it
    Instant age_deadline_ = never;
    Instant looked_at_{0};  // where the path leads to
    Instant told_end_{0};   // that of Common which the processor was said to delay
};

}  // namespace runsuite::svlogd
