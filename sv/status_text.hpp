// The text of a status, which other people's programs parse: not a character of it may change.
//
//   STATE: NAME: [(pid N) ]Ts[, normally down|, normally up][, paused][, want up|, want down][, got TERM]
#pragma once

#include "base/fixed_string.hpp"
#include "model/status_record.hpp"

namespace runsuite::sv {

// Of the file `down`, which says what is normal; when it cannot be looked at, nothing is said about that.
enum class DownFile { Absent, Present, Unknown };

using StatusText = FixedString<128>;

// What follows "STATE: NAME: ". `now` is the time of the wall clock.
StatusText status_text(const StatusRecord& record, DownFile down_file, const Tai64n& now);

}  // namespace runsuite::sv
