// A named pipe that is full, and that nobody reads unless the test does.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "support/catch.hpp"

namespace support {

class FullPipe {
public:
    explicit FullPipe(const std::string& path)
    {
        REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
        fd_ = ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
        REQUIRE(fd_ >= 0);
        const std::string bytes(4096, 'x');
        while (::write(fd_, bytes.data(), bytes.size()) > 0) continue;
    }
    FullPipe(const FullPipe&) = delete;
    FullPipe& operator=(const FullPipe&) = delete;
    ~FullPipe() { ::close(fd_); }

    // What comes out now.
    std::string read() const
    {
        std::string text;
        char bytes[4096];
        for (ssize_t count = 0; (count = ::read(fd_, bytes, sizeof bytes)) > 0;)
            text.append(bytes, static_cast<std::size_t>(count));
        return text;
    }

private:
    int fd_ = -1;
};

}  // namespace support
