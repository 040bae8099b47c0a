// What is known of one service, and what has to be done about it next.
//
//   wanted   pid    and                                   what is due
//   yes      none   a second since the last start, and    Start
//                   no former runsv of that name is left
//   yes      none   that one had TERM 5 s ago             Tell, once
//   yes      none   otherwise                             nothing, until its deadline or that death
//   yes      some                                         nothing
//   no       some   TERM was not sent yet                 Stop
//   no       some   TERM was sent                         nothing: its death is awaited
//   no       none                                         Forget
//
// The next start is a second after the last one, and after a runsv that somebody told to exit two seconds after its end: what
// tells all of them to exit before everything ends would have each of them once more.
//
// A service is a directory, not a name: one that is renamed keeps its runsv, and one that takes the name of another waits
// until the runsv of that other one is gone.
#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/instant.hpp"

namespace runsuite::runsvdir {

struct ServiceId {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    bool operator==(const ServiceId&) const = default;
};

// From one start of a runsv to the next one of the same service.
inline constexpr Instant restart_pause = std::chrono::seconds(1);
// From the end of a runsv that was told to exit to the next one.
inline constexpr Instant told_pause = std::chrono::seconds(2);
// A complaint about the same thing is repeated after that.
inline constexpr Instant complaint_pause = std::chrono::seconds(60);
// A service that waits for its predecessor's runsv says so after that.
inline constexpr Instant succession_patience = std::chrono::seconds(5);

// A failure that comes again and again is told once, and then once a minute while it lasts.
struct Complaint {
    int code = 0;
    Instant told{};

    // Whether to tell of the failure `code` now; it counts as told then.
    bool is_due(int failure, Instant now);
    void settle() { code = 0; }
};

// The same for many names. Of more than there is room for, the oldest is forgotten and told again.
class Complaints {
public:
    bool is_due(std::string_view name, int failure, Instant now);

private:
    struct Told {
        std::uint32_t name = 0;  // its hash
        Complaint complaint;
    };
    std::array<Told, 64> told_;
    std::size_t next_ = 0;
};

struct Known {
    ServiceId id;
    char* name = nullptr;  // as seen last; belongs to the table
    Instant not_before{};  // of the next start
    Instant term_sent{};   // zero: TERM was not sent to this pid
    Complaint complaint;
    Complaint death_complaint;
    pid_t pid = 0;       // of its runsv, 0 while there is none
    int watch = -1;      // a descriptor that tells of the end of one that was taken over; -1: there is none
    Instant alive_at{};  // of that one: when it was seen to live, on the boot clock
    bool wanted = true;
    bool was_started = false;      // a runsv, at any time
    bool seen = true;              // by the scan that is going on, or by the last one
    bool has_aliases = false;      // the last scan found more than one name of it
    bool is_taken_over = false;    // the runsv is an earlier runsvdir's
    bool succession_told = false;  // that another one waits for the end of this one's runsv
    // In a stop, as of the last look:
    bool has_ended = false;    // the service, and its finish; its runsv has not
    bool has_remains = false;  // such a service left something behind
};

// Whether anything is or can come to be due for it before its runsv ends.
constexpr bool is_open(const Known& known)
{
    return known.pid == 0 || !known.wanted;
}

enum class Due : unsigned char { Nothing, Start, Stop, Forget, Tell };

// `predecessor`: another service that had the same name and is not wanted any more, while its runsv lives; or nullptr.
Due due(const Known& known, const Known* predecessor, Instant now);

// When to look again if nothing happens; never, when only a death can change anything.
Instant deadline(const Known& known, const Known* predecessor);

Known after_start(Known known, pid_t pid, Instant now);
Known after_term(Known known, Instant now);
Known after_take_over(Known known, pid_t pid, int watch, Instant alive_at);
Known after_death(Known known);
Known after_told_death(Known known, Instant now);  // of a runsv that ended because it was told to, by whomever
Known after_scan(Known known);                     // one that saw every name

}  // namespace runsuite::runsvdir
