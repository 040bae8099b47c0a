// Starts one after the other (-o): the next service is started when the one before runs, is down because it is to be,
// or has had a second for it. A runsv that has start_mark in its environment tells by a CHLD when it is time to look.
#pragma once

#include "base/fixed_string.hpp"
#include "base/instant.hpp"

namespace runsuite::runsvdir {

class StartOrder {
public:
    void started(const char* name, Instant now);
    // After a CHLD.
    void expect_news() { has_news_ = true; }
    // Whether the next one may be started. Otherwise this has to be asked again after a CHLD, or at the deadline.
    bool is_free(Instant now);
    bool is_waiting() const { return is_waiting_; }
    Instant deadline() const { return has_news_ ? Instant::zero() : patience_end_; }

private:
    FixedString<255> name_;  // of the one that is waited for
    Instant patience_end_{};
    bool is_waiting_ = false;
    bool has_news_ = false;
};

}  // namespace runsuite::runsvdir
