#include "model/exit_record.hpp"

#include <sys/wait.h>

#include <algorithm>

#include "base/parse.hpp"

namespace runsuite {

namespace {

constexpr std::string_view exited = "exited ";
constexpr std::string_view killed = "killed ";
constexpr std::string_view unknown = "unknown";

// starts_with() would bring in what throws.
bool begins_with(std::string_view text, std::string_view part)
{
    return text.size() >= part.size() && std::equal(part.begin(), part.end(), text.begin());
}

}  // namespace

ExitRecord ExitRecord::of(int wait_status)
{
    if (wait_status == -1) return {};
    if (WIFEXITED(wait_status)) return {How::Exited, WEXITSTATUS(wait_status)};
    return {How::Killed, WTERMSIG(wait_status)};
}

std::optional<ExitRecord> ExitRecord::parse(std::string_view text)
{
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text == unknown) return ExitRecord{};
    const bool is_exit = begins_with(text, exited);
    if (!is_exit && !begins_with(text, killed)) return std::nullopt;
    text.remove_prefix(exited.size());
    const auto number = parse_number<unsigned char>(text);
    if (!number) return std::nullopt;
    return ExitRecord{is_exit ? How::Exited : How::Killed, *number};
}

FixedString<24> ExitRecord::text() const
{
    FixedString<24> line{how == How::Unknown ? unknown : how == How::Exited ? exited : killed};
    if (how != How::Unknown) line.append_number(number);
    return line;
}

int ExitRecord::exit_code() const
{
    switch (how) {
        case How::Exited: return number;
        case How::Killed: return 128 + number;
        case How::Unknown: break;
    }
    return 111;
}

}  // namespace runsuite
