// The supervise folder of one service: its lock, its fifos, and the files that say how the service is.
#pragma once

#include <optional>

#include "app/service_dir.hpp"
#include "base/result.hpp"
#include "model/command.hpp"
#include "model/status_record.hpp"
#include "posix/file.hpp"
#include "posix/unique_fd.hpp"

namespace runsuite::runsv {

class SuperviseDir {
public:
    // Makes what is missing and takes the lock: whoever has it may write here. All names are relative to the service
    // directory. Where `supervise` is a symlink to nothing, the directory that it names is made.
    Outcome open(const service_dir::Names& names, Lock how);

    // What the runsv before us wrote last, of status or, where that is garbage, of pid and stat; nothing when there was
    // none, or all is garbage.
    std::optional<StatusRecord> last_record();
    // `last` holds on: pid keeps its time, which is that of the start, and the next runsv knows the process by it.
    void resume(const StatusRecord& last) { published_ = last; }

    // From now on `ok` has a reader and commands can be given: publish first.
    Outcome open_control();

    // Writes pid, stat and status, in this order, as far as they have changed; and the first time, after them, makes
    // `ok`: whoever can open that for writing finds everything else in place.
    Outcome publish(const StatusRecord& record);

    int control() const { return control_.get(); }  // for poll(2)
    // The next byte that was written to `control`, without waiting.
    std::optional<char> read_control() const;

private:
    Outcome make_directory() const;
    std::optional<StatusRecord> record_of_texts() const;
    Outcome write_record(const StatusRecord& record) const;
    Outcome write_pid(const StatusRecord& record) const;
    Outcome make_ok();
    Outcome make_fifo_ok();
    Outcome name_ok() const;

    const service_dir::Names* names_ = nullptr;
    UniqueFd lock_;
    UniqueFd control_;
    UniqueFd ok_;
    std::optional<StatusRecord> published_;
    bool is_garbage_ = false;  // status has to be written whatever was published
    bool has_ok_ = false;
};

}  // namespace runsuite::runsv
