#include "chpst/env_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <span>

#include "base/fixed_string.hpp"
#include "chpst/env_file.hpp"
#include "chpst/narrate.hpp"
#include "posix/directory.hpp"
#include "posix/file.hpp"

namespace runsuite::chpst {

namespace {

constexpr const char* option = "-e";
constexpr std::size_t block = 4096;

char first_block[block];

enum class Kind { Variable, Directory, Missing, Unreadable };

struct Contents {
    Kind kind = Kind::Variable;
    std::span<char> bytes;
    int code = 0;
};

Contents unreadable_contents(int code)
{
    return {code == EISDIR ? Kind::Directory : Kind::Unreadable, {}, code};
}

// Nearly every file fits into a block; only for others there is a buffer of the largest size, once.
std::span<char> larger_than_a_block()
{
    static char* large = nullptr;
    if (large == nullptr) large = static_cast<char*>(std::malloc(longest_variable));
    if (large == nullptr) return {};
    std::copy_n(first_block, block, large);
    return {large, longest_variable};
}

// A 100 MB file costs no more than its first line. A line without its newline ends with the file.
Contents read_first_line(int fd)
{
    std::span<char> buffer = first_block;
    std::size_t size = 0;
    for (;;) {
        if (size == block) buffer = larger_than_a_block();
        if (buffer.empty()) return unreadable_contents(ENOMEM);
        if (size == buffer.size()) return unreadable_contents(E2BIG);
        const auto room = buffer.subspan(size, std::min(block, buffer.size() - size));
        const ssize_t count = ::read(fd, room.data(), room.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return unreadable_contents(errno);
        const auto more = static_cast<std::size_t>(count);
        size += more;
        if (more == 0 || has_first_line({room.data(), more})) return {Kind::Variable, buffer.first(size), 0};
    }
}

// A fifo would be read as empty or as half a line, as chance has it, so it is refused.
bool is_fifo(int fd)
{
    struct stat about {};
    return ::fstat(fd, &about) == 0 && S_ISFIFO(about.st_mode);
}

Contents read_file(const Directory& directory, const char* name)
{
    auto file = open_file_at(directory.fd(), name, O_RDONLY, "open");
    if (!file && file.error().code == ENOENT) return {Kind::Missing, {}, 0};
    if (!file) return unreadable_contents(file.error().code);
    if (!directory.last_is_file() && is_fifo(file->get())) return unreadable_contents(ESPIPE);
    return read_first_line(file->get());
}

Failure unreadable(const ProcessState& state, const char* words, const char* name, int code)
{
    report::Line path;
    report::append_name(path, state.env_directory);
    path.append("/").append(name);
    return failure(words, option, code, path.view());
}

Failure take_variable(const ProcessState& state, Environment& environment, const char* name, std::span<char> bytes)
{
    const auto value = decode_env_file(bytes);
    if (Failure why = narrate(state, value ? "set the variable " : "unset the variable ", name)) return why;
    const bool done = value ? environment.set(name, *value) : environment.unset(name);
    if (!done) return failure("unable to set a variable", option, ENOMEM, name);
    return {};
}

Failure take_file(const ProcessState& state, Environment& environment, const Directory& directory,
                  const char* name)
{
    if (!is_variable_file(name)) return {};
    const Contents file = read_file(directory, name);
    switch (file.kind) {
        case Kind::Unreadable: return unreadable(state, "unable to read", name, file.code);
        case Kind::Directory:
            if (state.env_directory_is_strict) return unreadable(state, "unable to read", name, file.code);
            if (state.verbose) {
                const Error why{"read", file.code};
                report::warn(why, unreadable(state, "", name, 0).name.view());
            }
            return {};
        case Kind::Missing:
        case Kind::Variable: break;
    }
    if (!is_variable_name(name)) return unreadable(state, "unable to name a variable like", name, EINVAL);
    return take_variable(state, environment, name, file.bytes);
}

}  // namespace

Failure read_env_directory(const ProcessState& state, Environment& environment)
{
    auto directory = Directory::open(state.env_directory, "switch to directory");
    if (!directory) {
        return failure("unable to switch to directory", option, directory.error().code, state.env_directory);
    }
    for (;;) {
        auto name = directory->next("read directory");
        if (!name) return failure("unable to read directory", option, name.error().code, state.env_directory);
        if (*name == nullptr) return {};
        if (Failure why = take_file(state, environment, *directory, *name)) return why;
    }
}

}  // namespace runsuite::chpst
