// Old log files that are too many: found in one reading of the directory, or two where they are very many, and removed a few
// at a time, the oldest first, so that nothing else has to wait for long.
#pragma once

#include "base/instant.hpp"
#include "svlogd/log_directory.hpp"
#include "svlogd/memory.hpp"

namespace runsuite::svlogd {

class Removal {
public:
    using Rule = LogDirectory::PruneRule;

    // What is beyond `rule`, which is not removed yet. Nothing where there is no memory for the names: that is told.
    void find(const LogDirectory& directory, const Rule& rule);
    bool has_names() const { return next_ < names_.size(); }
    // The oldest. False: there is none, or it cannot be removed, and the rest is given up.
    bool remove_one(const LogDirectory& directory);

    // As many as there is time for; while is_due(), more are left.
    void remove_some(const LogDirectory& directory, const Rule& rule);
    bool is_due() const { return is_due_; }
    void give_up();

private:
    Memory memory_;
    std::span<const OldName> names_;
    std::size_t next_ = 0;
    bool tells_ = false;
    bool is_due_ = false;
};

}  // namespace runsuite::svlogd
