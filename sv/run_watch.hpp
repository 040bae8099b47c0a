// Whether the run of a service lasts, for a command that waits for it: see settle_rule.
#pragma once

#include <optional>

#include "base/instant.hpp"
#include "sv/last_ends.hpp"
#include "sv/service_place.hpp"
#include "sv/settle_rule.hpp"

namespace runsuite::sv {

// What is known of an end that came too early.
struct EarlyEnd {
    std::optional<DeathRecord> record;  // nothing where runsv does not write it down
    unsigned in_a_row = 1;
    Instant ran{};  // at most; 0 where that is not known
};

class RunWatch {
public:
    // Before the command is sent. `usual` as in settle_time(); `longest`: as long as is waited.
    void begin(ServicePlace& place, const std::optional<StatusRecord>& before, Instant usual, Instant longest);

    // `record` says that it runs.
    void see(const StatusRecord& record, Instant now);
    void has_check() { limit_ = longest_; }
    bool has_settled(const StatusRecord& record, Instant now) const { return lasted_at(record, now) >= settle_; }
    // The same once there is no time left.
    bool has_settled_at_last(const StatusRecord& record, Instant now) const
    {
        return lasted_at(record, now) >= usual_;
    }
    // When `record`, which was seen, will have settled.
    Instant settles_at(const StatusRecord& record, Instant now) const
    {
        return now + (settle_ - lasted_at(record, now));
    }

    // A run that has ended too early, by what supervise/ says now. `ends_before`: the command was to end the run from before.
    std::optional<EarlyEnd> early_end(ServicePlace& place, const StatusRecord& now, bool ends_before);

private:
    Instant lasted_at(const StatusRecord& record, Instant now) const;

    std::optional<StatusRecord> before_;
    Seen seen_;
    std::optional<DeathRecord> last_;  // the newest end that is known
    Instant usual_{};
    Instant settle_{};
    Instant limit_{};
    Instant longest_{};
    Instant begun_{};
    Instant seen_at_{};
};

}  // namespace runsuite::sv
