#include "chpst/account_file.hpp"

#include <algorithm>

#include "chpst/user_spec.hpp"

namespace runsuite::chpst {

namespace {

constexpr std::string_view blanks = " \t\r\v\f";
constexpr std::string_view database = "passwd";

bool starts_with(std::string_view text, std::string_view head)
{
    return text.size() >= head.size() && std::equal(head.begin(), head.end(), text.begin());
}

void skip_blanks(std::string_view& text)
{
    while (!text.empty() && blanks.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
}

// Takes everything before the separator, and the separator, off the front.
std::string_view take_until(std::string_view& text, char separator)
{
    const std::string_view head{text.data(), std::min(text.find(separator), text.size())};
    text.remove_prefix(std::min(head.size() + 1, text.size()));
    return head;
}

bool names_files_first(std::string_view services)
{
    skip_blanks(services);
    if (!starts_with(services, "files")) return false;
    services.remove_prefix(5);
    const std::size_t before = services.size();
    skip_blanks(services);
    if (services.empty()) return true;
    return services.size() < before && services.front() != '[';  // [...] says what else to do with the answer
}

constexpr std::size_t fields = 7;

std::optional<AccountLine> cut(std::span<char> line)
{
    if (std::find(line.begin(), line.end(), '\0') != line.end()) return std::nullopt;
    if (std::count(line.begin(), line.end(), ':') != fields - 1) return std::nullopt;
    std::string_view rest{line.data(), line.size()};
    std::string_view words[fields];
    for (auto& word : words) word = take_until(rest, ':');
    const auto uid = parse_id(words[2]);
    const auto gid = parse_id(words[3]);
    if (!uid || !gid) return std::nullopt;
    std::replace(line.begin(), line.end(), ':', '\0');
    return AccountLine{*uid, *gid, words[0].data(), words[5].data(), words[6].data()};
}

}  // namespace

bool has_files_first(std::string_view nsswitch)
{
    int lines = 0;
    bool first = false;
    while (!nsswitch.empty()) {
        auto rest = take_until(nsswitch, '\n');
        auto line = take_until(rest, '#');
        skip_blanks(line);
        if (!starts_with(line, database)) continue;
        line.remove_prefix(database.size());
        skip_blanks(line);
        if (line.empty() || line.front() != ':') continue;
        line.remove_prefix(1);
        ++lines;
        first = names_files_first(line);
    }
    return lines == 1 && first;
}

std::optional<AccountLine> find_account_line(std::span<char> passwd, std::string_view name)
{
    if (name.empty() || name.front() == '+' || name.front() == '-') return std::nullopt;
    if (name.find_first_of(":\n") != std::string_view::npos) return std::nullopt;
    std::string_view rest{passwd.data(), passwd.size()};
    for (std::size_t at = 0; at < passwd.size(); at = passwd.size() - rest.size()) {
        auto line = take_until(rest, '\n');
        const auto whole = passwd.subspan(at, line.size());
        skip_blanks(line);
        if (!starts_with(line, name) || line.size() == name.size() || line[name.size()] != ':') continue;
        const bool has_newline = at + whole.size() < passwd.size();
        if (line.size() != whole.size() || !has_newline) return std::nullopt;
        auto found = cut(whole);
        if (found) passwd[at + whole.size()] = '\0';
        return found;
    }
    return std::nullopt;
}

}  // namespace runsuite::chpst
