#include "svlogd/processor.hpp"
#include "svlogd/text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>

#include "app/report.hpp"
#include "posix/file.hpp"
#include "posix/spawn.hpp"
#include "svlogd/pause.hpp"

namespace runsuite::svlogd {

namespace {

using namespace std::chrono_literals;

constexpr Instant first_pause = 1s;
constexpr Instant longest_pause = 60s;

OldName with_kind(const OldName& name, Kind kind)
{
    OldName other{first(name.view(), old_name_size - 1)};
    const char letter = static_cast<char>(kind);
    other.append({&letter, 1});
    return other;
}

// Out of the way of the numbers that the processor is to have, 0 to 5: the pairs are carried out one after the other.
Result<UniqueFd> open_high(const LogDirectory& directory, const char* name, int flags, const char* doing)
{
    auto low = open_file_at(directory.fd(), name, flags, doing, 0644);
    if (!low) return low;
    UniqueFd high{::fcntl(low->get(), F_DUPFD_CLOEXEC, 10)};
    if (!high.is_open()) return Error::last(doing);
    return high;
}

// Not the file of the same name that a processor may still write to whose svlogd was killed.
Result<UniqueFd> open_new(const LogDirectory& directory, const char* name, const char* doing)
{
    ::unlinkat(directory.fd(), name, 0);
    return open_high(directory, name, O_WRONLY | O_CREAT | O_TRUNC, doing);
}

}  // namespace

void Processor::start(const LogDirectory& directory, const Job& job, Instant now)
{
    file_ = job.file;
    verbose_ = job.verbose;
    if (verbose_) {
        report::inform(
            report::Line{"info: processing: "}.append(full_name(directory, file_.view()).view()).view());
    }
    if (auto launched = launch(directory, job); !launched) {
        report::warn(launched.error(), directory.path());
        failed(directory, now);
    }
}

Outcome Processor::launch(const LogDirectory& directory, const Job& job)
{
    auto input = open_high(directory, file_.c_str(), O_RDONLY, "open input for processor:");
    if (!input) return input.error();
    auto output = open_new(directory, with_kind(file_, Kind::Scratch).c_str(), "open output for processor:");
    if (!output) return output.error();
    auto state = open_high(directory, "state", O_RDONLY | O_CREAT, "open state for processor:");
    if (!state) return state.error();
    auto new_state = open_new(directory, "newstate", "open newstate for processor:");
    if (!new_state) return new_state.error();

    const char* const argv[] = {"sh", "-c", job.command, nullptr};
    const std::array<Redirect, 4> redirects{
        {{input->get(), 0}, {output->get(), 1}, {state->get(), 4}, {new_state->get(), 5}}};
    SpawnSpec spec;
    spec.program = "/bin/sh";
    spec.argv = argv;
    spec.directory_fd = directory.fd();
    spec.redirects = redirects;
    spec.mask = job.mask;
    auto spawned = spawn(spec);
    if (!spawned) return spawned.error();
    pid_ = spawned->pid;
    if (spawned->not_run) report::warn(Error{"run processor:", spawned->not_run.code}, directory.path());
    return success();
}

bool Processor::ended(const LogDirectory& directory, int wait_status, Instant now)
{
    pid_ = 0;
    if (!WIFEXITED(wait_status) || WEXITSTATUS(wait_status) != 0) {
        report::warn(report::Line{"processor failed, restart: "}.append(directory.path()).view());
        failed(directory, now);
        return false;
    }
    if (auto settled = settle(directory); !settled) {
        report::warn(settled.error(), directory.path());
        failed(directory, now);
        return false;
    }
    if (verbose_) {
        const OldName complete = with_kind(file_, Kind::Complete);
        report::inform(
            report::Line{"info: processed: "}.append(full_name(directory, complete.view()).view()).view());
    }
    pause_ = Instant{0};
    not_before_ = Instant{0};
    return true;
}

// A crash in between leaves the unprocessed file: it is processed a second time rather than never.
Outcome Processor::settle(const LogDirectory& directory) const
{
    const int fd = directory.fd();
    const OldName scratch = with_kind(file_, Kind::Scratch);
    const OldName complete = with_kind(file_, Kind::Complete);
    struct stat input {};
    if (::fstatat(fd, file_.c_str(), &input, 0) < 0) return Error::last("stat input of processor:");
    const mode_t mode = (input.st_mode & 0666) | S_IXUSR;
    if (::fchmodat(fd, scratch.c_str(), mode, 0) < 0) return Error::last("set mode of processed:");
    if (::renameat(fd, scratch.c_str(), fd, complete.c_str()) < 0) return Error::last("rename processed:");
    if (::unlinkat(fd, file_.c_str(), 0) < 0) return Error::last("unlink:");
    if (::renameat(fd, "newstate", fd, "state") < 0) return Error::last("rename state:");
    return success();
}

void Processor::failed(const LogDirectory& directory, Instant now)
{
    ::unlinkat(directory.fd(), with_kind(file_, Kind::Scratch).c_str(), 0);
    pause_ = longer_pause(pause_, first_pause, longest_pause);
    not_before_ = now + pause_;
}

}  // namespace runsuite::svlogd
