// "Something more came in" for a descriptor whose data is left where it is: epoll(7), edge-triggered. poll(2) would
// go on saying "readable" and keep its caller busy. Where there is no epoll, open() fails with ENOSYS.
#pragma once

#include "base/result.hpp"
#include "posix/unique_fd.hpp"

namespace runsuite {

class Edge {
public:
    static Result<Edge> open(int fd);

    int fd() const { return fd_.get(); }  // readable when more came in since the last take()
    void take() const;

private:
    UniqueFd fd_;
};

}  // namespace runsuite
