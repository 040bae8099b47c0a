// The processor of a log directory: a child that turns an unprocessed old file into a complete one. It is awaited,
// never waited for, nor is the disk.
//
//   Idle
//   Processing    the child is at work: from .u to .t, from state to newstate
//   Syncing       it has succeeded, and what it wrote is brought to the disk
//   SyncingNames  .t has become .s, and that is brought to the disk before .u goes: a power cut leaves one or the other
//
// Every failure leads back to Idle, with .u as it was.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <csignal>

#include "base/instant.hpp"
#include "base/result.hpp"
#include "svlogd/disk_sync.hpp"
#include "svlogd/log_directory.hpp"
#include "svlogd/text.hpp"

namespace runsuite::svlogd {

class Processor {
public:
    bool is_running() const { return step_ != Step::Idle; }
    pid_t pid() const { return step_ == Step::Processing ? pid_ : sync_.pid(); }
    // The moment it is at work on, "@..." without its kind; empty when it does not run.
    std::string_view at_work_on() const { return is_running() ? first(file_.view(), 25) : std::string_view{}; }
    Instant not_before() const { return not_before_; }
    bool has_failed() const { return pause_ != Instant{0}; }  // the last time

    struct Job {
        const char* command = nullptr;
        OldName file;
        const sigset_t* mask = nullptr;  // kept
        bool verbose = false;
    };
    // A failure counts as one of the processor: it is not tried again before not_before(). What is no plain file of its own
    // is not processed: it becomes a complete old file as it is, and that is told.
    void start(const LogDirectory& directory, const Job& job, Instant now);
    void child_ended(const LogDirectory& directory, int wait_status, Instant now);

private:
    enum class Step { Idle, Processing, Syncing, SyncingNames };

    Outcome launch(const LogDirectory& directory, const Job& job, const UniqueFd& input);
    void pass_over(const LogDirectory& directory, const Error& why, Instant now);
    Outcome go_on(const LogDirectory& directory);
    Outcome sync(Step step, std::span<const int> files);
    Outcome name_output(const LogDirectory& directory) const;
    Outcome forget_input(const LogDirectory& directory) const;
    void succeeded(const LogDirectory& directory);
    void failed(const LogDirectory& directory, Instant now);
    void rest();

    Step step_ = Step::Idle;
    pid_t pid_ = 0;
    DiskSync sync_;
    OldName file_;
    mode_t mode_ = 0;  // of the file
    UniqueFd output_;
    UniqueFd new_state_;
    const sigset_t* mask_ = nullptr;
    bool verbose_ = false;
    Instant not_before_{0};
    Instant pause_{0};
};

}  // namespace runsuite::svlogd
