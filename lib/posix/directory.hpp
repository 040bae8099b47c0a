// The names in a directory.
#pragma once

#include <dirent.h>

#include "base/result.hpp"

namespace runsuite {

class [[nodiscard]] Directory {
public:
    static Result<Directory> open(const char* path, const char* doing);

    Directory() = default;
    Directory(Directory&& other) noexcept : stream_(std::exchange(other.stream_, nullptr)) {}
    Directory& operator=(Directory&& other) noexcept
    {
        std::swap(stream_, other.stream_);
        return *this;
    }
    ~Directory()
    {
        if (stream_ != nullptr) ::closedir(stream_);
    }

    // The next name, "." and ".." too; nullptr at the end. Valid until the next call.
    Result<const char*> next(const char* doing)
    {
        errno = 0;
        const dirent* entry = ::readdir(stream_);
        if (entry == nullptr && errno != 0) return Error::last(doing);
        last_is_file_ = entry != nullptr && is_file(*entry);
        return entry != nullptr ? entry->d_name : nullptr;
    }

    // Whether the last name is that of a plain file. False also where the directory does not say: ask fstat(2) then.
    bool last_is_file() const { return last_is_file_; }

    int fd() const { return ::dirfd(stream_); }

private:
    static bool is_file([[maybe_unused]] const dirent& entry)
    {
#ifdef DT_REG
        return entry.d_type == DT_REG;
#else
        return false;
#endif
    }

    DIR* stream_ = nullptr;
    bool last_is_file_ = false;
};

inline Result<Directory> Directory::open(const char* path, const char* doing)
{
    Directory directory;
    directory.stream_ = ::opendir(path);
    if (directory.stream_ == nullptr) return Error::last(doing);
    return directory;
}

}  // namespace runsuite
