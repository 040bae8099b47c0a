// The pipe from the service to its log service: a fifo, supervise/output. runsv holds both ends, so it outlives either of
// them; and the service has it open for reading and writing, so that it outlives runsv, too: whoever writes has a reader,
// the next runsv finds it by its name, and nobody gets a SIGPIPE. The log has the reading end alone: it sees the end of its
// input when no service and no runsv is left.
//
// While the log service is switched off, or fails and may lose output, nobody reads, and a full pipe would bring the service to a stand. So the pipe
// is then kept from filling up: the newest output stays in it for the log to find, what is older is thrown away.
#pragma once

#include <cstddef>
#include <optional>

#include "base/result.hpp"
#include "posix/edge.hpp"
#include "posix/unique_fd.hpp"

namespace runsuite::runsv {

class LogPipe {
public:
    Outcome open(const char* path);

    bool is_open() const { return reading_.is_open(); }
    int reading() const { return reading_.get(); }
    int writing() const { return writing_.get(); }
    void close_writing() { writing_.close(); }

    std::size_t size() const;  // of its contents, in bytes

    // Whether it is to be kept from filling up.
    Outcome set_unread(bool is_unread);
    int unread_fd() const { return edge_ ? edge_->fd() : -1; }  // for poll(2): call relieve() when it is readable
    // How many bytes had to be thrown away.
    std::size_t relieve() const;

private:
    UniqueFd reading_;
    UniqueFd writing_;
    const char* path_ = nullptr;
    UniqueFd relief_;  // one of our own that never waits: a log that is started meanwhile may be quicker
    std::optional<Edge> edge_;
};

}  // namespace runsuite::runsv
