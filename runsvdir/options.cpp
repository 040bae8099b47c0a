#include "runsvdir/options.hpp"

#include "base/parse.hpp"

namespace runsuite::runsvdir {

namespace {

constexpr int longest_budget = 24 * 60 * 60;

// The words of a command line, taken one by one.
class Words {
public:
    Words(int argc, char* argv[]) : at_(argv + (argc > 0 ? 1 : 0)), end_(argv + argc) {}

    char* next()
    {
        if (at_ >= end_) return nullptr;
        last_ = *at_;
        return *at_++;
    }
    std::string_view first() const { return at_ < end_ ? std::string_view(*at_) : std::string_view{}; }
    char** rest() { return at_; }
    const char* last() const { return last_; }

private:
    char** at_;
    char** end_;
    const char* last_ = "nothing";
};

// Letters without a value, perhaps with -g as the last one; anything else is a name.
bool is_option(std::string_view word)
{
    if (word.size() < 2 || word[0] != '-') return false;
    word.remove_prefix(1);  // substr() would bring in what throws
    for (const char letter : word) {
        if (letter == 'g') return true;
        if (letter != 'i' && letter != 'o') return false;
    }
    return true;
}

bool set_budget(Options& options, std::string_view text)
{
    const auto seconds = parse_number<int>(text);
    if (!seconds || *seconds < 0 || *seconds > longest_budget) return false;
    options.budget = std::chrono::seconds(*seconds);
    return true;
}

bool take_option(Options& options, Words& words)
{
    std::string_view letters{words.next()};
    for (letters.remove_prefix(1); !letters.empty(); letters.remove_prefix(1)) {
        if (letters[0] == 'i') options.adopts = true;
        if (letters[0] == 'o') options.is_ordered = true;
        if (letters[0] != 'g') continue;
        letters.remove_prefix(1);
        if (!letters.empty()) return set_budget(options, letters);
        const char* const value = words.next();
        return value != nullptr && set_budget(options, value);
    }
    return true;
}

void take_arguments(Options& options, Words& words)
{
    bool is_first = true;
    while (char* const word = words.next()) {
        if (std::string_view(word) == "--") {
            if (!words.first().empty()) options.command = words.rest();
            return;
        }
        if (is_first) options.log = word;
        else if (options.surplus == nullptr) options.surplus = word;
        is_first = false;
    }
}

// What could not be done with the word that was taken last, or nullptr.
const char* parse_words(Options& options, Words& words)
{
    bool is_over = false;
    const std::string_view first = words.first();
    if (first.size() >= 2 && first[0] == '-' && (first[1] == 'P' || first[1] == '-')) {
        options.own_sessions = first[1] == 'P';
        is_over = !options.own_sessions;
        words.next();
    }
    while (!is_over && is_option(words.first())) {
        if (!take_option(options, words)) return "find a number of seconds for -g in";
    }
    options.directory = words.next();
    if (options.directory == nullptr || options.directory[0] == '\0') return "find the name of a directory in";
    take_arguments(options, words);
    return nullptr;
}

// -i among the options, or a command.
bool is_for_container(Words words)
{
    bool is_first = true;
    bool may_be_option = true;
    while (const char* const word = words.next()) {
        const std::string_view text{word};
        if (text == "--" && !is_first) return true;
        may_be_option = may_be_option && text.size() > 1 && text[0] == '-' && text[1] != '-';
        if (may_be_option && is_option(text) && text.find('i') < text.find('g')) return true;
        is_first = false;
    }
    return false;
}

}  // namespace

std::optional<Options> parse(int argc, char* argv[])
{
    Options options;
    Words words(argc, argv);
    if (parse_words(options, words) != nullptr) return std::nullopt;
    return options;
}

std::optional<Misuse> misuse(int argc, char* argv[], bool is_first_process)
{
    constexpr const char* unknown = "understand the option";
    Words words(argc, argv);
    if (!is_first_process && !is_for_container(words)) return std::nullopt;
    const std::string_view first = words.first();
    if (first.size() > 2 && (first.starts_with("--") || first.starts_with("-P"))) return Misuse{unknown, argv[1]};
    Options options;
    if (const char* const why = parse_words(options, words)) return Misuse{why, words.last()};
    if (options.directory[0] == '-' && first != "--") return Misuse{unknown, options.directory};
    if (options.surplus != nullptr) return Misuse{"use a third word before the command:", options.surplus};
    return std::nullopt;
}

}  // namespace runsuite::runsvdir
