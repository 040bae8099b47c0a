// Starts one after the other (-o): the next service is started when the one before runs, is down because it is to be,
// or has had a second for it.
#pragma once

#include "base/fixed_string.hpp"
#include "base/instant.hpp"

namespace runsuite::runsvdir {

class StartOrder {
public:
    void started(const char* name, Instant now);
    // Whether the next one may be started. Otherwise this has to be asked again at look_at().
    bool is_free(Instant now);
    Instant look_at() const { return look_at_; }
    Instant deadline() const { return look_at_ == Instant::zero() ? never : look_at_; }

private:
    FixedString<255> name_;  // of the one that is waited for
    Instant patience_end_{};
    Instant look_at_{};
};

}  // namespace runsuite::runsvdir
