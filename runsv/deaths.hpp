// supervise/deaths of one service, where each end of ./run is written down. It is opened for that alone, and nothing depends
// on it: where it cannot be written that is said, and all goes on.
#pragma once

#include "base/result.hpp"
#include "model/death_record.hpp"
#include "runsv/service.hpp"

namespace runsuite::runsv {

class Deaths {
public:
    // ./run of `service` has just ended so. `path` is the file.
    void add(const char* path, const Service& service, int wait_status, bool asked);

private:
    Outcome write(const char* path, const DeathRecord& record);

    static constexpr unsigned char unknown = DeathRecord::kept;
    unsigned char next_ =
        unknown;           // which record is the oldest; one of the file that an earlier runsv left is looked for
    bool failed_ = false;  // and that has been said
};

}  // namespace runsuite::runsv
