// Files that are brought to the disk by a child, since that takes as long as the disk likes.
#pragma once

#include <unistd.h>

#include "svlogd/errand.hpp"

namespace runsuite::svlogd {

class DiskSync {
public:
    // Their contents; a directory's are its names. Not more than two at a time.
    Outcome start(const sigset_t& child_mask, std::span<const int> files)
    {
        const int last = static_cast<int>(files.size());
        return errand_.start(child_mask, files, [last] {
            int code = 0;
            for (int fd = 1; fd <= last; ++fd) {
                // A file system that cannot do it has nothing to wait for.
                if (::fsync(fd) < 0 && errno != EINVAL && errno != EROFS) code = errno;
            }
            return code;
        });
    }
    bool is_running() const { return errand_.is_running(); }
    pid_t pid() const { return errand_.pid(); }
    // The child has ended: an errno value, 0 when all is well.
    int ended() { return errand_.ended().value_or(EINTR); }
    void leave() { errand_.leave(); }

private:
    Errand<int> errand_;
};

}  // namespace runsuite::svlogd
