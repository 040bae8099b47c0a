// A file that a runsv keeps for its service, which is named by the service and what it is called in its directory.
#pragma once

#include <span>
#include <string_view>

#include "app/state_dir.hpp"
#include "base/parse.hpp"
#include "posix/file.hpp"

namespace runsuite::runsvdir {

class ServiceFile {
public:
    ServiceFile(const char* service, const char* name) : path_(service)
    {
        if (std::string_view(name) != service_dir::of_service.down && state_dir::is_used_for(service, name))
            path_ = state_dir::path_of(service, name);
        else path_.append("/").append(name);
    }

    const char* path() const { return path_.c_str(); }

    // As much as there is room for; nothing when it cannot be read.
    std::string_view read(std::span<char> room) const
    {
        auto file = open_file(path(), O_RDONLY, "open");
        if (!file) return {};
        const auto size = read_all(file->get(), room, "read");
        return size ? std::string_view(room.data(), *size) : std::string_view{};
    }

    pid_t read_pid() const  // 0 for none
    {
        char room[16];
        std::string_view text = read(room);
        if (text.ends_with('\n')) text.remove_suffix(1);
        const auto pid = parse_number<pid_t>(text);
        return pid && *pid > 0 ? *pid : 0;
    }

private:
    state_dir::Path path_;
};

}  // namespace runsuite::runsvdir
