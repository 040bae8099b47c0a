#include "sv/options.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace runsuite::sv {

namespace {

// A century: longer than anyone waits, and far from what a clock's type can hold.
constexpr long long longest_wait = 3'000'000'000;

// The number that `text` starts with, as the reference reads it; nothing when it starts with no number.
std::optional<std::chrono::seconds> leading_seconds(const char* text)
{
    const auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
    if (!is_digit(*text)) return std::nullopt;
    long long seconds = 0;
    for (; is_digit(*text); ++text) seconds = std::min(seconds * 10 + (*text - '0'), longest_wait);
    return std::chrono::seconds(seconds);
}

// With decimals, to the millisecond; nothing when it is anything else.
std::optional<Instant> settle_seconds(const char* text)
{
    const auto whole = leading_seconds(text);
    if (!whole) return std::nullopt;
    while (*text >= '0' && *text <= '9') ++text;
    Instant time = *whole;
    if (*text == '.') {
        Instant unit = std::chrono::milliseconds(100);
        for (++text; *text >= '0' && *text <= '9'; ++text, unit /= 10) time += unit * (*text - '0');
    }
    return *text == '\0' ? std::optional(time) : std::nullopt;
}

const char* base_name(const char* path)
{
    const char* slash = std::strrchr(path, '/');
    return slash != nullptr ? slash + 1 : path;
}

class Reader {
public:
    Reader(int argc, const char** argv) : argc_(argc), argv_(argv) {}

    // Takes the options; where the words begin is next().
    Usage take_options(Options& options)
    {
        for (; next_ < argc_ && argv_[next_][0] == '-' && argv_[next_][1] != '\0'; ++next_) {
            if (std::strcmp(argv_[next_], "--") == 0) {
                ++next_;
                break;
            }
            if (std::strcmp(argv_[next_], "--help") == 0) return Usage::Help;
            if (std::strcmp(argv_[next_], "--version") == 0) return Usage::Version;
            if (const Usage usage = take_letters(argv_[next_] + 1, options); usage != Usage::Good) return usage;
        }
        return Usage::Good;
    }

    int next() const { return next_; }
    char option() const { return option_; }
    const std::optional<std::chrono::seconds>& seconds() const { return seconds_; }

private:
    Usage take_letters(const char* letter, Options& options)
    {
        for (; *letter != '\0'; ++letter) {
            option_ = *letter;
            if (*letter == 'V') return Usage::Version;
            if (*letter != 'v' && *letter != 'w') return Usage::UnknownOption;
            options.waits = true;
            if (*letter == 'w') return take_seconds(letter + 1);
        }
        return Usage::Good;
    }

    Usage take_seconds(const char* value)
    {
        if (*value == '\0') {
            if (next_ + 1 >= argc_) return Usage::ArgumentMissing;
            value = argv_[++next_];
        }
        seconds_ = leading_seconds(value);
        return seconds_ ? Usage::Good : Usage::NoNumber;
    }

    int argc_;
    const char** argv_;
    int next_ = 1;
    char option_ = '\0';
    std::optional<std::chrono::seconds> seconds_;
};

void set_timeout(Parsed& parsed, std::optional<std::chrono::seconds> seconds, const char* svwait)
{
    if (!seconds && svwait != nullptr) {
        seconds = leading_seconds(svwait);
        parsed.ignored_svwait = !seconds;
    }
    if (seconds) parsed.options.timeout = *seconds;
}

void set_settle(Parsed& parsed, const char* svsettle)
{
    if (svsettle == nullptr) return;
    const auto time = settle_seconds(svsettle);
    parsed.ignored_svsettle = !time;
    if (time) parsed.options.settle = *time;
}

}  // namespace

const char* Parsed::synopsis() const
{
    return options.init_script ? "[-w sec] command" : "[-v] [-w sec] command service ...";
}

Parsed parse(int argc, const char** argv, const Environment& environment)
{
    Parsed parsed;
    Options& options = parsed.options;
    if (argc > 0) parsed.program = base_name(argv[0]);
    options.init_script = std::strcmp(parsed.program, "sv") != 0;
    options.services_directory = environment.services != nullptr ? environment.services : RUNSUITE_SERVICE_DIR;

    Reader reader{argc, argv};
    parsed.usage = reader.take_options(options);
    parsed.option = reader.option();
    if (parsed.usage != Usage::Good) return parsed;
    set_timeout(parsed, reader.seconds(), environment.wait);
    set_settle(parsed, environment.settle);

    parsed.usage = Usage::Wrong;
    if (reader.next() >= argc) return parsed;
    options.command = find_command(argv[reader.next()], options.init_script);
    if (options.command == nullptr) return parsed;
    options.waits = options.waits || options.command->act == Act::Wait || options.command->act == Act::Force;

    const char** const services = argv + reader.next() + 1;
    options.services = {services, argv + argc};
    if (options.init_script) {
        argv[0] = parsed.program;
        options.services = {argv, 1};
    }
    if (!options.services.empty() || options.command->act == Act::Report) parsed.usage = Usage::Good;
    return parsed;
}

}  // namespace runsuite::sv
