// All services that are known, as the scans and the deaths leave them. It grows with their number; where there is no
// memory for one more, the caller is told and nothing is lost.
#pragma once

#include <cstddef>
#include <span>

#include "runsvdir/scan_rule.hpp"

namespace runsuite::runsvdir {

class Services {
public:
    Services() = default;
    Services(const Services&) = delete;
    Services& operator=(const Services&) = delete;
    ~Services();

    // A scan: begin, note each directory, end. When it could not see everything nothing counts as removed.
    void begin_scan();
    bool note(const ServiceId& id, const char* name);  // false: out of memory
    Known* with_id(const ServiceId& id);
    bool knows(const ServiceId& id, const char* name);  // either of them
    void note_unreadable(const char* name);             // there, but nobody can say which directory it is
    void end_scan(bool saw_everything);

    void sort_by_name();

    std::span<Known> all() { return {known_, count_}; }
    std::size_t size() const { return count_; }

    // Nobody's: nullptr. Pids that are not ours come to a process that reaps orphans.
    Known* with_pid(pid_t pid);
    // The service that was there before under the name of `known`, while its runsv lives on.
    Known* predecessor_of(const Known& known);
    void forget_gone();  // those that are due for it
    Instant deadline();

private:
    bool grow();

    Known* known_ = nullptr;
    std::size_t count_ = 0;
    std::size_t room_ = 0;
    std::size_t expected_ = 0;  // where the next one of a scan is looked for first
    std::size_t left_ = 0;      // how many have lost their name
};

}  // namespace runsuite::runsvdir
