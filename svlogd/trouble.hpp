// What keeps a log from writing, and when that is tried again: after a pause that grows.
#pragma once

#include <cerrno>

#include "base/instant.hpp"
#include "svlogd/pause.hpp"

namespace runsuite::svlogd {

class Trouble {
public:
    // Not an errno value of a disk.
    static constexpr int processor_is_behind = EBUSY;

    // Nothing is to be written before retry_at().
    bool is_on() const { return retry_at_ != never; }
    bool is_of_disk() const { return is_on() && code_ != processor_is_behind; }
    bool is_of_processor() const { return code_ == processor_is_behind; }
    int code() const { return code_; }  // of the last one; 0 since all is well
    Instant retry_at() const { return retry_at_; }

    // Whether it is another one than before, which is to be told.
    bool begin(int code, Instant now)
    {
        const bool is_other = code_ != code;
        code_ = code;
        pause_ = longer_pause(pause_, std::chrono::milliseconds(50), std::chrono::seconds(2));
        retry_at_ = now + pause_;
        return is_other;
    }
    // No later than at `now`.
    void hurry(Instant now)
    {
        if (is_on()) retry_at_ = now;
    }
    // The next write shows whether it is over.
    void let_try() { retry_at_ = never; }
    // Whether there was any.
    bool end()
    {
        const bool was_there = code_ != 0;
        *this = {};
        return was_there;
    }

    // Whether an end that it delays is to be told, now that the end was asked for so often: once each time.
    bool delays_end(int terms)
    {
        if (told_terms_ == terms) return false;
        told_terms_ = terms;
        return true;
    }

private:
    int code_ = 0;
    Instant retry_at_ = never;
    Instant pause_{0};
    int told_terms_ = -1;
};

}  // namespace runsuite::svlogd
