#include "app/run_trouble.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "posix/file.hpp"

namespace runsuite {

namespace {

// starts_with() and substr() would bring in what throws, which is as large as a whole program.
bool begins_with(std::string_view text, std::string_view begin)
{
    return text.size() >= begin.size() && std::equal(begin.begin(), begin.end(), text.begin());
}

std::string_view part(std::string_view text, std::size_t from, std::size_t count = std::string_view::npos)
{
    text.remove_prefix(std::min(from, text.size()));
    return {text.data(), std::min(count, text.size())};
}

using report::Line;

constexpr int most_interpreters = 4;    // one for the other, as the kernel has it
constexpr std::size_t looked_at = 256;  // of a file, by the kernel too
constexpr unsigned most_program_headers = 64;

// What was found of one file. `code` of the failed call, or 0, narrows down what is looked for.
class Search {
public:
    Search(Line& line, int code) : line_(line), code_(code) {}

    bool look_at(const char* path, int depth);

private:
    bool say(std::string_view words)
    {
        line_.append(words);
        return true;
    }
    bool look_at_missing(const char* path, int why);
    bool look_at_mode(const char* path, mode_t mode);
    bool look_at_contents(const char* path, int depth);
    bool look_at_script(std::string_view head, int depth);
    bool look_at_binary(int file, std::string_view head, int depth);
    bool look_at_machine(std::string_view head);
    bool look_at_other(const char* what, std::string_view name, int depth);

    Line& line_;
    int code_;
};

// "run" of "./run", "log/run" of "log/./run".
void append_bare(Line& line, std::string_view path)
{
    const bool is_here = begins_with(path, "./");
    const auto dot = is_here ? 0 : path.find("/./") + 1;
    report::append_name(line, part(path, 0, dot));
    report::append_name(line, dot > 0 || is_here ? part(path, dot + 2) : path);
}

bool Search::look_at(const char* path, int depth)
{
    struct stat about {};
    if (::stat(path, &about) < 0) return look_at_missing(path, errno);
    if (S_ISDIR(about.st_mode)) return say("is a directory");
    if (!S_ISREG(about.st_mode)) return say("is not a plain file");
    return look_at_mode(path, about.st_mode) || look_at_contents(path, depth);
}

bool Search::look_at_missing(const char* path, int why)
{
    std::array<char, looked_at> target;
    const ssize_t size = ::readlink(path, target.data(), target.size());
    if (size > 0) {
        line_.append("is a link to ");
        report::append_name(line_, {target.data(), static_cast<std::size_t>(size)});
        line_.append(": ");
    }
    return say(report::reason(why));
}

bool Search::look_at_mode(const char* path, mode_t mode)
{
    struct statvfs system {};
    if (::statvfs(path, &system) == 0 && (system.f_flag & ST_NOEXEC) != 0)
        return say("is on a file system mounted noexec");
    if (::faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0 || errno != EACCES) return false;
    if ((mode & (S_IXUSR | S_IXGRP | S_IXOTH)) == 0) {
        line_.append("not executable: chmod +x ");
        append_bare(line_, path);
        return true;
    }
    line_.append("not executable for user ").append_number(::geteuid());
    return true;
}

bool Search::look_at_contents(const char* path, int depth)
{
    const auto file = open_file(path, O_RDONLY, "open");
    if (!file) return false;  // a program need not be readable
    std::array<char, looked_at> bytes;
    const auto size = read_all(file->get(), bytes, "read");
    if (!size) return false;
    const std::string_view head{bytes.data(), *size};
    if (head.empty()) return say("is empty");
    if (begins_with(head, "#!")) return look_at_script(head, depth);
    if (begins_with(head, ELFMAG)) return look_at_binary(file->get(), head, depth);
    if (begins_with(head, "\xef\xbb\xbf#!")) return say("begins with a byte order mark, not with #!");
    return say("has no #! line");
}

bool Search::look_at_script(std::string_view head, int depth)
{
    const auto line = part(head, 0, head.find('\n'));
    if (line.size() < head.size() && line.ends_with('\r')) {
        line_.append("\"");
        report::append_name(line_, part(line, 0, line.size() - 1));
        return say("\" ends in a carriage return");
    }
    auto name = part(line, 2);
    name.remove_prefix(std::min(name.find_first_not_of(" \t"), name.size()));
    if (name.empty()) return say("names no program after #!");
    const auto end = name.find_first_of(" \t");
    const bool is_whole = end != std::string_view::npos || line.size() < looked_at;
    return is_whole ? look_at_other("interpreter ", part(name, 0, end), depth)
                    : say("has a #! line that is too long");
}

// An interpreter or a loader, which has to be there and to be a program as well.
bool Search::look_at_other(const char* what, std::string_view name, int depth)
{
    if (depth >= most_interpreters) return false;
    const std::size_t before = line_.view().size();
    line_.append(what);
    report::append_name(line_, name);
    line_.append(": ");
    const FixedString<looked_at> path{name};
    if (look_at(path.c_str(), depth + 1)) return true;
    line_.shorten(before);
    return false;
}

// Numbers of a program file, in its own order of bytes.
class Fields {
public:
    explicit Fields(std::string_view head)
        : is_wide_(head[EI_CLASS] == ELFCLASS64), is_little_(head[EI_DATA] == ELFDATA2LSB)
    {
    }
    std::uint64_t at(std::string_view bytes, std::size_t place, std::size_t size) const
    {
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const std::size_t next = is_little_ ? size - 1 - i : i;
            number = number << 8 | static_cast<unsigned char>(bytes[place + next]);
        }
        return number;
    }
    bool is_wide() const { return is_wide_; }

private:
    bool is_wide_;
    bool is_little_;
};

// The name of the loader that a program asks for, in `room`; empty where it asks for none, as one that is linked statically.
std::string_view loader_of(int file, std::string_view head, std::span<char> room)
{
    const Fields fields{head};
    const bool wide = fields.is_wide();
    const auto start = wide ? fields.at(head, 32, 8) : fields.at(head, 28, 4);
    const auto size = fields.at(head, wide ? 54 : 42, 2);
    const auto count = std::min<std::uint64_t>(fields.at(head, wide ? 56 : 44, 2), most_program_headers);
    for (std::uint64_t i = 0; i < count; ++i) {
        char bytes[sizeof(Elf64_Phdr)] = {};
        if (::pread(file, bytes, sizeof bytes, static_cast<off_t>(start + i * size)) <= 0) break;
        const std::string_view header{bytes, sizeof bytes};
        if (fields.at(header, 0, 4) != PT_INTERP) continue;
        const auto place = wide ? fields.at(header, 8, 8) : fields.at(header, 4, 4);
        const ssize_t got = ::pread(file, room.data(), room.size(), static_cast<off_t>(place));
        const std::string_view name{room.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
        const auto end = name.find('\0');
        return end == std::string_view::npos ? std::string_view{} : part(name, 0, end);
    }
    return {};
}

bool Search::look_at_binary(int file, std::string_view head, int depth)
{
    if (code_ == ENOEXEC && look_at_machine(head)) return true;
    if (head.size() < sizeof(Elf64_Ehdr)) return code_ == ENOEXEC && say("is a program file that was cut");
    std::array<char, looked_at> room;
    const auto loader = loader_of(file, head, room);
    return !loader.empty() && look_at_other("loader ", loader, depth);
}

struct Machine {
    unsigned number;
    char name[8];
};
constexpr Machine machines[] = {{EM_X86_64, "x86_64"}, {EM_386, "i386"},    {EM_AARCH64, "aarch64"},
                                {EM_ARM, "arm"},       {EM_RISCV, "riscv"}, {EM_PPC64, "ppc64"},
                                {EM_S390, "s390"}};

// Only after the system has refused it: it may have been told how to run programs of other machines.
bool Search::look_at_machine(std::string_view head)
{
    if (head.size() < 20) return false;
    const auto number = Fields{head}.at(head, 18, 2);
    struct utsname ours {};
    if (::uname(&ours) < 0) return false;
    for (const Machine& machine : machines) {
        if (machine.number != number || begins_with(ours.machine, machine.name)) continue;
        line_.append("is a program for ").append(machine.name);
        line_.append(", and this machine is ").append(ours.machine);
        return true;
    }
    return false;
}

// What is wrong with the file itself, not with the moment.
bool may_be_seen(int code)
{
    switch (code) {
        case 0:
        case ENOENT:
        case ENOTDIR:
        case EACCES:
        case EISDIR:
        case ENOEXEC:
        case ELOOP: return true;
        default: return false;
    }
}

}  // namespace

report::Line run_trouble(const char* path, int code)
{
    report::Line line;
    const bool is_found = may_be_seen(code) && Search(line, code).look_at(path, 0);
    if (!is_found && code != 0) line.append(report::reason(code));
    return line;
}

}  // namespace runsuite
