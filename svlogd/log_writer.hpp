// The file current of one log directory.
//
// Its owner's executable bit says that it is complete: 0644 while in use, 0744 after close(). One without the bit was
// left by a crash.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "posix/unique_fd.hpp"
#include "svlogd/log_directory.hpp"

namespace runsuite::svlogd {

struct NewFile {
    mode_t mode = 0644;
    uid_t user = static_cast<uid_t>(-1);  // -1: ours
    gid_t group = static_cast<gid_t>(-1);

    bool has_owner() const { return user != NewFile{}.user || group != NewFile{}.group; }
};

struct Written {
    std::size_t count = 0;
    Error trouble;
};

class LogWriter {
public:
    // Appends to a complete current, puts a crashed one aside as an unprocessed old file, or makes a new one. What is no
    // plain file of its own is put aside too, untouched, and that is told; but a directory is a failure.
    Outcome open(const LogDirectory& directory, const NewFile& kind, bool verbose);
    bool is_open() const { return file_.is_open(); }

    Written write(std::string_view bytes);

    // Renames current to an old file, and opens a new one. On failure it may be that no file is open: then open()
    // has to be tried again. Nothing that was written is lost in any case.
    Outcome rotate(const LogDirectory& directory, Kind kind, bool verbose);

    // Whose current is, and new ones are.
    void give_to(const LogDirectory& directory, const NewFile& kind);

    // Waits until current is on disk.
    void sync(const LogDirectory& directory) const;
    int fd() const { return file_.get(); }
    // Marks current as complete.
    void close(const LogDirectory& directory, bool verbose);
    // Leaves it as a crash would.
    void leave();

    std::uint64_t size() const { return size_; }
    bool ends_in_line() const { return size_ > 0 && !at_line_start_; }

private:
    Result<UniqueFd> open_complete(const LogDirectory& directory, bool verbose);
    Outcome prepare(const LogDirectory& directory) const;
    Outcome put_aside(const LogDirectory& directory, Kind kind, bool verbose);
    Outcome mark_complete() const;

    UniqueFd file_;
    NewFile kind_;
    std::uint64_t size_ = 0;
    bool at_line_start_ = true;
    Tai64n latest_;
};

}  // namespace runsuite::svlogd
