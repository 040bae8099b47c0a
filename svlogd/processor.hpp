// The processor of a log directory: a child that turns an unprocessed old file into a complete one. It is awaited,
// never waited for.
#pragma once

#include <sys/types.h>

#include <csignal>

#include "base/instant.hpp"
#include "base/result.hpp"
#include "svlogd/log_directory.hpp"
#include "svlogd/text.hpp"

namespace runsuite::svlogd {

class Processor {
public:
    bool is_running() const { return pid_ != 0; }
    pid_t pid() const { return pid_; }
    // The moment it is at work on, "@..." without its kind; empty when it does not run.
    std::string_view at_work_on() const { return is_running() ? first(file_.view(), 25) : std::string_view{}; }
    Instant not_before() const { return not_before_; }
    bool has_failed() const { return pause_ != Instant{0}; }  // the last time

    struct Job {
        const char* command = nullptr;
        OldName file;
        const sigset_t* mask = nullptr;
        bool verbose = false;
    };
    // A failure counts as one of the processor: it is not tried again before not_before().
    void start(const LogDirectory& directory, const Job& job, Instant now);
    // The child has ended. False: it failed, and the file is unprocessed as before.
    bool ended(const LogDirectory& directory, int wait_status, Instant now);

private:
    Outcome launch(const LogDirectory& directory, const Job& job);
    Outcome settle(const LogDirectory& directory) const;
    void failed(const LogDirectory& directory, Instant now);

    pid_t pid_ = 0;
    OldName file_;
    bool verbose_ = false;
    Instant not_before_{0};
    Instant pause_{0};
};

}  // namespace runsuite::svlogd
