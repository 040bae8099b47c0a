#include "runsvdir/processes.hpp"

#include <unistd.h>

#include <csignal>
#include <string_view>

#include "base/parse.hpp"
#include "posix/file.hpp"

namespace runsuite::runsvdir {

namespace {

// Signals every number in `text` that ends in a blank; what is left behind the last blank.
std::string_view signal_listed(std::string_view text, int signal)
{
    for (;;) {
        const auto blank = text.find(' ');
        if (blank == std::string_view::npos) return text;
        const std::string_view word{text.data(), blank};
        if (const auto pid = parse_number<pid_t>(word); pid && *pid > 1) ::kill(*pid, signal);
        text.remove_prefix(blank + 1);
    }
}

bool signal_children(int signal)
{
    auto list = open_file("/proc/thread-self/children", O_RDONLY, "open");
    if (!list) return false;
    char text[4096];
    std::size_t kept = 0;
    for (;;) {
        const ssize_t count = ::read(list->get(), text + kept, sizeof text - kept);
        if (count <= 0) return count == 0;
        const auto rest = signal_listed({text, kept + static_cast<std::size_t>(count)}, signal);
        kept = rest.size();
        for (std::size_t at = 0; at < kept; ++at) text[at] = rest[at];
    }
}

}  // namespace

bool signal_everyone(int signal)
{
    if (::getpid() != 1) return signal_children(signal);
    ::kill(-1, signal);
    return true;
}

}  // namespace runsuite::runsvdir
