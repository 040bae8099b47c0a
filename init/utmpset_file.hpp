// A file of login records, open and locked as the C library locks it: against everybody who writes there.
#pragma once

#include "base/result.hpp"
#include "init/utmpset_record.hpp"
#include "posix/unique_fd.hpp"

namespace runsuite::utmpset {

class RecordFile {
public:
    // utmp, which has to be there.
    static Result<RecordFile> open_utmp(const char* path);
    // wtmp, which is made if it is missing. `likely` is its layout where it does not tell one itself.
    static Result<RecordFile> open_wtmp(const char* path, Layout likely);

    const Layout& layout() const { return layout_; }

    // Ends every login on the line. How many there were.
    Result<int> log_out(std::string_view line, std::int64_t now);
    // Adds the record of a logout, whole or not at all; never in place of anything but a part of a record.
    Outcome append_logout(std::string_view line, std::int64_t now);

private:
    static Result<RecordFile> open(const char* path, int flags);
    Result<Evidence> look(std::uint64_t size) const;
    Result<int> count(std::uint64_t size, Layout layout) const;

    UniqueFd fd_;
    Layout layout_ = native;
};

}  // namespace runsuite::utmpset
