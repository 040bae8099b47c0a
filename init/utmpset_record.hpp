// The records of utmp(5) and wtmp(5), as bytes.
#pragma once

#include <utmpx.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace runsuite::utmpset {

inline constexpr std::size_t longest_line = sizeof(utmpx::ut_line);

// Records differ from C library to C library behind the name of the host: glibc on most machines keeps 32-bit times in
// records of 384 bytes, musl 64-bit ones in records of 400 bytes. A file is of the machine's C library, which is not ours
// where this program is a static one; so both are known.
struct Layout {
    std::size_t size;
    std::size_t time;  // where the seconds are
    bool has_64_bit_time;

    bool operator==(const Layout&) const = default;
};

inline constexpr Layout narrow{384, 340, false};
inline constexpr Layout wide{400, 344, true};
inline constexpr Layout native{sizeof(utmpx), offsetof(utmpx, ut_tv), sizeof(utmpx::ut_tv.tv_sec) == 8};
inline constexpr std::size_t largest_record = native.size > wide.size ? native.size : wide.size;

// Whether the record is one of that layout: of a known type, with a time where the layout has it. No record is of both.
bool is_of(Layout layout, std::span<const char> record);

// What a file shows of its layout.
struct Evidence {
    std::uint64_t file_size = 0;
    int narrow_records = 0;  // as many are of that layout when it is read in it
    int wide_records = 0;
};

// The layout that more records are of. Where they do not tell, the only one of which the file is whole records; nothing
// where that does not tell either.
std::optional<Layout> layout_of(const Evidence& file);

// Where a record is to be added, and in which layout.
struct Place {
    Layout layout;
    std::uint64_t end;  // of the last whole record: what is behind it is part of one

    bool operator==(const Place&) const = default;
};

// In the layout of the file, or, where the file does not tell, the likely one. Nothing where what is at its end may be
// whole records in the other layout: they are not to be lost.
std::optional<Place> place_of_next(const Evidence& file, Layout likely);

// Whether the record is of somebody on that line: one with a user's name that is about a process. So what says when the
// machine was started never is.
bool is_login_on(std::string_view line, std::span<const char> record);

// From now on nobody is on the line: it keeps the id and the process, as utmp(5) has it.
void log_out(std::span<char> record, Layout layout, std::int64_t now);

// The record of a logout for wtmp, which names nothing but the line and the time. `record` is filled whole.
void fill_logout(std::span<char> record, Layout layout, std::string_view line, std::int64_t now);

}  // namespace runsuite::utmpset
