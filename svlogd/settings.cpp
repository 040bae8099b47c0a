#include "svlogd/settings.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "app/report.hpp"
#include "posix/file.hpp"

namespace runsuite::svlogd {

namespace {

constexpr off_t longest_config = 1 << 20;

void complain_about(const LogDirectory& directory, const Complaint& complaint)
{
    report::Line line;
    report::append_name(line, full_name(directory, "config").view());
    line.append(": line ").append_number(complaint.line).append(": ").append(complaint.what);
    report::warn(line.view());
}

}  // namespace

Settings Settings::defaults(std::uint64_t line_length)
{
    Settings settings;
    settings.config = parse_config({}, line_length, {}, [](const Complaint&) {});
    return settings;
}

Result<Settings> Settings::read(const LogDirectory& directory, std::uint64_t line_length)
{
    Settings settings;
    auto file = open_file_at(directory.fd(), "config", O_RDONLY, "read config:");
    if (!file && file.error().code == ENOENT) return defaults(line_length);
    if (!file) return file.error();
    struct stat about {};
    if (::fstat(file->get(), &about) < 0) return Error::last("read config:");
    if (S_ISDIR(about.st_mode)) return Error{"read config:", EISDIR};
    if (!S_ISREG(about.st_mode)) return Error{"read config, which is no file:", 0};
    if (about.st_size > longest_config) return Error{"read config:", EFBIG};

    // The text with room for a NUL, and a rule for every line there can be; what is not used costs nothing.
    const auto room = static_cast<std::size_t>(about.st_size);
    const std::size_t text_size = (room + 1 + alignof(Rule) - 1) / alignof(Rule) * alignof(Rule);
    auto memory = Memory::map(text_size + (room + 1) * sizeof(Rule));
    if (!memory) return Error{"read config:", memory.error().code};
    settings.memory = std::move(*memory);
    char* const contents = settings.memory.bytes().data();
    auto* const rules = reinterpret_cast<Rule*>(contents + text_size);
    auto size = read_all(file->get(), {contents, room}, "read config:");
    if (!size) return size.error();
    const std::string_view text{contents, *size};

    settings.was_read = true;
    settings.config = parse_config(text, line_length, {rules, count_lines(text)},
                                   [&](const Complaint& complaint) { complain_about(directory, complaint); });
    // The command for the shell is ended in place of its newline.
    const auto processor = settings.config.processor;
    if (!processor.empty()) contents[processor.end() - text.begin()] = '\0';
    return settings;
}

}  // namespace runsuite::svlogd
