#include "app/state_dir.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "posix/file.hpp"

namespace runsuite::state_dir {

namespace {

using service_dir::Names;

constexpr const char* Names::*kept[] = {
    &Names::supervise, &Names::lock, &Names::control,        &Names::ok,           &Names::status,
    &Names::stat,      &Names::pid,  &Names::status_scratch, &Names::stat_scratch, &Names::pid_scratch,
    &Names::output,    &Names::exit, &Names::exit_scratch,   &Names::deaths};

// All but `down`: a name that is not in the list would stay where nothing can be written.
static_assert(sizeof(Names) == (std::size(kept) + 1) * sizeof(const char*));

struct Elsewhere {
    Names names;
    char text[std::size(kept)][sizeof(Path)];
};

constexpr std::string_view log_prefix = "log/";

bool is_of_log(std::string_view file)
{
    return file.starts_with(log_prefix);
}

}  // namespace

const char* root()
{
    const char* const value = std::getenv(variable);
    const bool is_path = value != nullptr && value[0] == '/' && std::string_view(value).size() <= longest;
    return is_path ? value : nullptr;
}

std::string_view name_of(std::string_view directory)
{
    while (directory.ends_with('/')) directory.remove_suffix(1);
    if (const auto slash = directory.rfind('/'); slash != directory.npos) directory.remove_prefix(slash + 1);
    return directory == "." || directory == ".." ? std::string_view{} : directory;
}

Path path_of(std::string_view name, std::string_view file)
{
    Path path{root()};
    path.append("/").append(name);
    if (is_of_log(file)) {
        path.append(".log");
        file.remove_prefix(log_prefix.size());
    }
    file.remove_prefix(std::string_view(service_dir::of_service.supervise).size());
    return path.append(file);
}

// As runsv finds it when it opens the lock, which it makes.
bool is_used_for(const char* service, std::string_view file)
{
    if (root() == nullptr) return false;
    FixedString<320> lock{service};
    lock.append("/").append(is_of_log(file) ? service_dir::of_log.lock : service_dir::of_service.lock);
    return ::faccessat(AT_FDCWD, lock.c_str(), W_OK, AT_EACCESS) != 0;
}

const Names* names(std::string_view name, const Names& usual)
{
    if (root() == nullptr || name.empty()) return nullptr;
    void* const room =
        ::mmap(nullptr, sizeof(Elsewhere), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) return nullptr;
    auto* const there = static_cast<Elsewhere*>(room);
    there->names.down = usual.down;
    char(*text)[sizeof(Path)] = there->text;
    for (const auto member : kept) {
        const Path path = path_of(name, usual.*member);
        if (path.was_cut()) return nullptr;
        std::copy_n(path.c_str(), path.view().size() + 1, *text);
        there->names.*member = *text++;
    }
    return &there->names;
}

Outcome make(const char* directory)
{
    if (auto made = make_directories_at(AT_FDCWD, directory, "create directory"); !made) {
        return Error{"create directory", made.error().code, directory};
    }
    auto opened = open_file(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, "open");
    if (!opened) return Error{"open", opened.error().code, directory};
    struct stat about {};
    if (::fstat(opened->get(), &about) < 0) return Error::last("stat", directory);
    return about.st_uid == ::geteuid() ? success() : Outcome(Error{"use another user's", EPERM, directory});
}

}  // namespace runsuite::state_dir
