// The supervise folder of one service: its lock and what that says, its fifos, and the files that say how the service is.
#pragma once

#include <optional>
#include <string_view>

#include "app/service_dir.hpp"
#include "base/result.hpp"
#include "model/command.hpp"
#include "model/status_record.hpp"
#include "posix/file.hpp"
#include "posix/unique_fd.hpp"
#include "runsv/record.hpp"

namespace runsuite::runsv {

class SuperviseDir {
public:
    // Makes what is missing and takes the lock: whoever has it may write here. All names are relative to the service
    // directory. Where `supervise` is a symlink to nothing, the directory that it names is made.
    // Where nothing can be written there, all is in the state directory of `service`, see state_dir.hpp.
    Outcome open(std::string_view service, const service_dir::Names& names, Lock how);
    const service_dir::Names& names() const { return *names_; }

    int lock() const { return lock_.get(); }
    Record& record() { return record_; }

    // From now on `ok` has a reader and commands can be given: publish first.
    Outcome open_control();

    // Writes the record, then pid, stat and status, in this order, as far as they have changed; and the first time, after them,
    // opens `ok`: whoever can open that for writing finds everything else in place.
    Outcome publish(const Service& service);
    // What status says is that of `service`: pid and stat keep their time, which is that of the start.
    void resume(const Service& service);

    int control() const { return control_.get(); }  // for poll(2)
    // The next byte that was written to `control`, without waiting.
    std::optional<char> read_control() const;

private:
    Outcome claim(Lock how);
    Outcome claim_elsewhere(const service_dir::Names& names, Lock how);
    Outcome make_directory();
    Outcome publish_status(const StatusRecord& record);
    Outcome write_status(const StatusRecord& record);
    Outcome write_pid(const StatusRecord& record) const;
    Outcome replace(const char* path, const char* scratch, std::string_view bytes) const;
    Outcome open_ok();

    const service_dir::Names* names_ = nullptr;
    UniqueFd lock_;
    Record record_;
    UniqueFd control_;
    UniqueFd ok_;
    std::optional<StatusRecord> published_;
    bool is_new_ = false;     // the folder: nobody reads in it before there is an `ok`
    bool keeps_pid_ = false;  // pid says already what is to be written next
};

}  // namespace runsuite::runsv
