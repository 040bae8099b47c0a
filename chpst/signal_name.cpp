#include "chpst/signal_name.hpp"

#include <csignal>

#include "chpst/number.hpp"

namespace runsuite::chpst {

namespace {

struct Row {
    std::string_view name;
    int number;
};

constexpr Row signals[] = {
    {"HUP", SIGHUP},   {"INT", SIGINT},   {"QUIT", SIGQUIT}, {"ABRT", SIGABRT}, {"KILL", SIGKILL},
    {"USR1", SIGUSR1}, {"USR2", SIGUSR2}, {"PIPE", SIGPIPE}, {"ALRM", SIGALRM}, {"TERM", SIGTERM},
    {"CHLD", SIGCHLD}, {"CONT", SIGCONT}, {"STOP", SIGSTOP}, {"TSTP", SIGTSTP}, {"WINCH", SIGWINCH},
};

constexpr int last_signal = 64;

}  // namespace

std::optional<int> parse_signal(std::string_view text)
{
    if (const auto number = parse_unsigned(text, last_signal)) {
        if (*number == 0) return std::nullopt;
        return static_cast<int>(*number);
    }
    if (text.starts_with("SIG")) text.remove_prefix(3);
    for (const Row& row : signals) {
        if (row.name == text) return row.number;
    }
    return std::nullopt;
}

}  // namespace runsuite::chpst
