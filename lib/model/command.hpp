// The one table of what can be asked of a service: the byte in supervise/control, the signal that carries it out,
// and the word of sv(8). runsv reads bytes with it, sv writes them, and a test holds both manual pages against it.
#pragma once

#include <array>
#include <csignal>
#include <optional>

namespace runsuite {

enum class Command : char {
    Up = 'u',
    Down = 'd',
    Once = 'o',
    Exit = 'x',
    Pause = 'p',
    Continue = 'c',
    Hangup = 'h',
    Alarm = 'a',
    Interrupt = 'i',
    Quit = 'q',
    User1 = '1',
    User2 = '2',
    Terminate = 't',
    Kill = 'k',
};

struct CommandRow {
    Command command;
    int signal;  // 0: it is no signal, it changes what is wanted
    const char* word;
};

inline constexpr std::array command_table{
    CommandRow{Command::Up, 0, "up"},
    CommandRow{Command::Down, 0, "down"},
    CommandRow{Command::Once, 0, "once"},
    CommandRow{Command::Exit, 0, "exit"},
    CommandRow{Command::Pause, SIGSTOP, "pause"},
    CommandRow{Command::Continue, SIGCONT, "cont"},
    CommandRow{Command::Hangup, SIGHUP, "hup"},
    CommandRow{Command::Alarm, SIGALRM, "alarm"},
    CommandRow{Command::Interrupt, SIGINT, "interrupt"},
    CommandRow{Command::Quit, SIGQUIT, "quit"},
    CommandRow{Command::User1, SIGUSR1, "1"},
    CommandRow{Command::User2, SIGUSR2, "2"},
    CommandRow{Command::Terminate, SIGTERM, "term"},
    CommandRow{Command::Kill, SIGKILL, "kill"},
};

constexpr std::optional<Command> command_of(char byte)
{
    for (const auto& row : command_table) {
        if (static_cast<char>(row.command) == byte) return row.command;
    }
    return std::nullopt;
}

constexpr int signal_of(Command command)
{
    for (const auto& row : command_table) {
        if (row.command == command) return row.signal;
    }
    return 0;
}

}  // namespace runsuite
