#include "runsvdir/process_title.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>

#include "runsvdir/title_text.hpp"

namespace runsuite::runsvdir {

namespace {

constexpr Instant dot_pause = std::chrono::seconds(900);
constexpr const char* doing_pipe = "create pipe for log";
constexpr const char* doing_descriptor = "set filedescriptor for log";

Outcome never_block(int fd)
{
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) return Error::last(doing_descriptor);
    return success();
}

}  // namespace

Outcome ProcessTitle::open(char* placeholder)
{
    auto services = make_pipe(doing_pipe);
    if (!services) return services.error();
    auto ours = make_pipe(doing_pipe);
    if (!ours) return ours.error();
    for (const int fd : {services->reading.get(), ours->reading.get(), ours->writing.get()}) {
        if (auto set = never_block(fd); !set) return set;
    }
    before_ = UniqueFd(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3));
    if (::dup3(ours->writing.get(), STDERR_FILENO, O_CLOEXEC) < 0) return Error::last(doing_descriptor);
    of_services_ = std::move(*services);
    of_ours_ = std::move(ours->reading);
    redirect_ = {of_services_.writing.get(), STDERR_FILENO};
    text_ = {placeholder, std::strlen(placeholder)};
    return success();
}

void ProcessTitle::give_back()
{
    if (before_.is_open()) ::dup3(before_.get(), STDERR_FILENO, O_CLOEXEC);
}

std::array<pollfd, 2> ProcessTitle::watched() const
{
    return {pollfd{of_services_.reading.get(), POLLIN, 0}, pollfd{of_ours_.get(), POLLIN, 0}};
}

void ProcessTitle::read()
{
    if (!is_open()) return;
    read_from(of_ours_.get());
    read_from(of_services_.reading.get());
}

// A service that never stops writing is not let to keep us here.
void ProcessTitle::read_from(int fd)
{
    char bytes[1024];
    for (int round = 0; round < 64; ++round) {
        const ssize_t count = ::read(fd, bytes, sizeof bytes);
        if (count <= 0) return;
        scroll_in(text_, {bytes, static_cast<std::size_t>(count)});
    }
}

void ProcessTitle::write_dot_if_due(Instant now)
{
    if (!is_open() || now < next_dot_) return;
    scroll_in(text_, ".");
    next_dot_ = now + dot_pause;
}

}  // namespace runsuite::runsvdir
