// svlogd on a file system of its own that is soon full.
#pragma once

#include <sys/mount.h>

#include <iostream>
#include <thread>

#include "scenario/svlogd_fixture.hpp"

namespace support {

// A small file system of its own, mounted on the log directory.
class SmallDisk {
public:
    SmallDisk(const LogTree& tree, const char* options) : at_(tree.path("log"))
    {
        is_mounted = ::mount("tmpfs", at_.c_str(), "tmpfs", 0, options) == 0;
        if (!is_mounted) std::cerr << "skipped: no right to mount a tmpfs\n";
    }
    ~SmallDisk()
    {
        if (is_mounted) ::umount2(at_.c_str(), MNT_DETACH);
    }
    void resize(const char* options) const
    {
        REQUIRE(::mount("tmpfs", at_.c_str(), "tmpfs", MS_REMOUNT, options) == 0);
    }

    bool is_mounted = false;

private:
    std::string at_;
};

inline int count(const std::string& text, const std::string& what)
{
    int times = 0;
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++times;
    return times;
}

// Writes on its own, since the pipe may push back.
class Writer {
public:
    Writer(const Running& svlogd, std::string text)
        : thread_([end = svlogd.end(), bytes = std::move(text)] {
              for (std::size_t at = 0; at < bytes.size();) {
                  const auto written = ::write(end, bytes.data() + at, bytes.size() - at);
                  if (written <= 0) return;
                  at += static_cast<std::size_t>(written);
              }
          })
    {
    }
    ~Writer() { join(); }
    void join()
    {
        if (thread_.joinable()) thread_.join();
    }

private:
    std::thread thread_;
};

inline const std::string full = ": out of disk space\n";

}  // namespace support
