#include "model/death_record.hpp"

#include <algorithm>

#include "base/parse.hpp"

namespace runsuite {

namespace {

constexpr std::array<std::string_view, 5> causes{"-", "probe", "watchdog", "timeout-up", "oom"};
constexpr std::array<std::string_view, 3> hows{"exited", "killed", "unknown"};  // in the order of ExitRecord::How

// Three hundred years, which is as far as a line has room.
constexpr std::int64_t longest_run = 9'999'999'999'999;

// A line taken apart at its blanks.
class Words {
public:
    explicit Words(std::string_view line) : rest_(line) {}

    [[gnu::noinline]] std::string_view next()
    {
        const auto is_blank = [](char letter) { return letter == ' '; };
        const auto* const begin = std::find_if_not(rest_.begin(), rest_.end(), is_blank);
        const auto* const end = std::find_if(begin, rest_.end(), is_blank);
        rest_ = {end, rest_.end()};
        return {begin, end};
    }

private:
    std::string_view rest_;
};

// One copy of it, for numbers of any size.
[[gnu::noinline]] std::optional<std::int64_t> number_up_to(std::int64_t most, std::string_view text)
{
    const auto number = parse_number<std::uint64_t>(text);
    if (!number || *number > static_cast<std::uint64_t>(most)) return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

template <std::size_t Count>
std::size_t place_in(const std::array<std::string_view, Count>& words, std::string_view word)
{
    return static_cast<std::size_t>(std::find(words.begin(), words.end(), word) - words.begin());
}

std::optional<ExitRecord> exit_of(std::string_view how, std::string_view number)
{
    const std::size_t place = place_in(hows, how);
    const auto value = number_up_to(255, number);
    if (place == hows.size() || !value) return std::nullopt;
    if (place == hows.size() - 1) return *value == 0 ? std::optional(ExitRecord{}) : std::nullopt;
    return ExitRecord{static_cast<ExitRecord::How>(place), static_cast<int>(*value)};
}

std::optional<std::chrono::milliseconds> duration_of(std::string_view text)
{
    constexpr std::size_t decimals = 4;  // and the point
    if (text.size() <= decimals || text[text.size() - decimals] != '.') return std::nullopt;
    const auto seconds = number_up_to(longest_run / 1000, {text.data(), text.size() - decimals});
    const auto rest = number_up_to(999, {text.data() + text.size() - decimals + 1, decimals - 1});
    if (!seconds || !rest) return std::nullopt;
    return std::chrono::milliseconds(*seconds * 1000 + *rest);
}

std::optional<bool> choice_of(std::string_view word, std::string_view yes, std::string_view no)
{
    if (word != yes && word != no) return std::nullopt;
    return word == yes;
}

}  // namespace

DeathRecord::Line DeathRecord::encode() const
{
    const std::int64_t lasted = std::clamp<std::int64_t>(ran.count(), 0, longest_run);
    const std::array<char, 3> fraction{static_cast<char>('0' + lasted / 100 % 10),
                                       static_cast<char>('0' + lasted / 10 % 10),
                                       static_cast<char>('0' + lasted % 10)};
    FixedString<size - 1> text;
    text.append(at.label().view()).append(" ");
    text.append(hows[static_cast<std::size_t>(end.how)]).append(" ").append_number(end.number);
    text.append(core ? " core " : " - ").append_number(lasted / 1000).append(".");
    text.append({fraction.data(), fraction.size()}).append(asked ? " asked " : " unasked ");
    text.append(causes[static_cast<std::size_t>(cause)]);

    Line line;
    line.fill(' ');
    std::copy(text.view().begin(), text.view().end(), line.begin());
    line.back() = '\n';
    return line;
}

std::optional<DeathRecord> DeathRecord::decode(std::string_view line)
{
    if (line.size() != size || line.back() != '\n') return std::nullopt;
    line.remove_suffix(1);
    Words words{line};
    const auto at = Tai64n::from_label(words.next());
    const std::string_view how = words.next();
    const auto end = exit_of(how, words.next());
    const auto core = choice_of(words.next(), "core", "-");
    const auto ran = duration_of(words.next());
    const auto asked = choice_of(words.next(), "asked", "unasked");
    const std::string_view cause = words.next();
    if (!at || !end || !core || !ran || !asked || cause.empty()) return std::nullopt;
    const std::size_t known = place_in(causes, cause);
    return DeathRecord{*at, *end, *core, *ran, *asked, static_cast<Cause>(known == causes.size() ? 0 : known)};
}

}  // namespace runsuite
