#include "svlogd/processor.hpp"
#include "svlogd/text.hpp"

#include <fcntl.h>
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

// In a frame of its own: every page of stack that is touched stays for the life of the program.
[[gnu::noinline]] void tell(const char* what, const LogDirectory& directory, const OldName& name)
{
    report::inform(report::Line{what}.append(full_name(directory, name.view()).view()).view());
}

// Out of the way of the numbers that the processor is to have, 0 to 5: the pairs are carried out one after the other.
Result<UniqueFd> lifted(Result<UniqueFd> low, const char* doing)
{
    if (!low) return low;
    UniqueFd high{::fcntl(low->get(), F_DUPFD_CLOEXEC, 10)};
    if (!high.is_open()) return Error::last(doing);
    return high;
}

// Not the file of the same name that a processor may still write to whose svlogd was killed.
Result<UniqueFd> make(const LogDirectory& directory, const char* name, const char* doing)
{
    return lifted(create_file_at(directory.fd(), name, doing, 0644), doing);
}

// What is no plain file of its own gives way to an empty one.
Result<UniqueFd> open_state(const LogDirectory& directory)
{
    constexpr const char* doing = "open state for processor:";
    auto state = directory.open_plain("state", O_RDONLY | O_CREAT, doing, 0644);
    if (!state && is_strange(state.error().code)) {
        report::warn(state.error(), directory.path());
        if (auto made = create_file_at(directory.fd(), "state", doing, 0644); !made) return made;
        state = directory.open_plain("state", O_RDONLY, doing);
    }
    return lifted(std::move(state), doing);
}

}  // namespace

void Processor::start(const LogDirectory& directory, const Job& job, Instant now)
{
    file_ = job.file;
    mask_ = job.mask;
    verbose_ = job.verbose;
    if (verbose_) tell("info: processing: ", directory, file_);
    constexpr const char* doing = "open input for processor:";
    auto input = lifted(directory.open_plain(file_.c_str(), O_RDONLY, doing), doing);
    if (!input && is_strange(input.error().code)) return pass_over(directory, input.error(), now);
    const Outcome launched = input ? launch(directory, job, *input) : Outcome{input.error()};
    if (launched) return;
    report::warn(launched.error(), directory.path());
    failed(directory, now);
}

Outcome Processor::launch(const LogDirectory& directory, const Job& job, const UniqueFd& input)
{
    struct stat about {};
    if (::fstat(input.get(), &about) < 0) return Error::last("stat input of processor:");
    mode_ = about.st_mode & 0666;
    auto output = make(directory, with_kind(file_, Kind::Scratch).c_str(), "open output for processor:");
    if (!output) return output.error();
    auto state = open_state(directory);
    if (!state) return state.error();
    auto new_state = make(directory, "newstate", "open newstate for processor:");
    if (!new_state) return new_state.error();

    const char* const argv[] = {"sh", "-c", job.command, nullptr};
    const std::array<Redirect, 4> redirects{
        {{input.get(), 0}, {output->get(), 1}, {state->get(), 4}, {new_state->get(), 5}}};
    SpawnSpec spec;
    spec.program = "/bin/sh";
    spec.argv = argv;
    spec.directory_fd = directory.fd();
    spec.redirects = redirects;
    spec.mask = job.mask;
    auto spawned = spawn(spec);
    if (!spawned) return spawned.error();
    pid_ = spawned->pid;
    step_ = Step::Processing;
    output_ = std::move(*output);
    new_state_ = std::move(*new_state);
    if (spawned->not_run) report::warn(Error{"run processor:", spawned->not_run.code}, directory.path());
    return success();
}

// Else it would keep those behind it waiting for ever.
void Processor::pass_over(const LogDirectory& directory, const Error& why, Instant now)
{
    report::warn(Error{"process what is no plain file of its own:", why.code},
                 full_name(directory, file_.view()).view());
    const OldName complete = with_kind(file_, Kind::Complete);
    if (::renameat(directory.fd(), file_.c_str(), directory.fd(), complete.c_str()) == 0) return;
    report::warn(Error::last("rename:"), full_name(directory, file_.view()).view());
    failed(directory, now);
}

void Processor::child_ended(const LogDirectory& directory, int wait_status, Instant now)
{
    if (step_ == Step::Processing && (!WIFEXITED(wait_status) || WEXITSTATUS(wait_status) != 0)) {
        report::warn(report::Line{"processor failed, restart: "}.append(directory.path()).view());
        return failed(directory, now);
    }
    if (const auto went_on = go_on(directory); !went_on) {
        report::warn(went_on.error(), directory.path());
        failed(directory, now);
    }
}

// A crash in between leaves the unprocessed file: it is processed a second time rather than never.
Outcome Processor::go_on(const LogDirectory& directory)
{
    const int code = step_ == Step::Processing ? 0 : sync_.ended();
    if (code != 0) return Error{"sync processed:", code};
    if (step_ == Step::Processing) return sync(Step::Syncing, std::array{output_.get(), new_state_.get()});
    if (step_ == Step::Syncing) {
        if (auto named = name_output(directory); !named) return named;
        return sync(Step::SyncingNames, std::array{directory.fd()});
    }
    if (auto forgotten = forget_input(directory); !forgotten) return forgotten;
    succeeded(directory);
    return success();
}

Outcome Processor::sync(Step step, std::span<const int> files)
{
    step_ = step;
    if (const auto started = sync_.start(*mask_, files); !started)
        return Error{"sync processed:", started.error().code};
    return success();
}

Outcome Processor::name_output(const LogDirectory& directory) const
{
    const int fd = directory.fd();
    const OldName scratch = with_kind(file_, Kind::Scratch);
    const OldName complete = with_kind(file_, Kind::Complete);
    if (::fchmod(output_.get(), mode_ | S_IXUSR) < 0) return Error::last("set mode of processed:");
    if (::renameat(fd, scratch.c_str(), fd, complete.c_str()) < 0) return Error::last("rename processed:");
    return success();
}

Outcome Processor::forget_input(const LogDirectory& directory) const
{
    const int fd = directory.fd();
    if (::unlinkat(fd, file_.c_str(), 0) < 0) return Error::last("unlink:");
    if (::renameat(fd, "newstate", fd, "state") < 0) return Error::last("rename state:");
    return success();
}

void Processor::succeeded(const LogDirectory& directory)
{
    if (verbose_) tell("info: processed: ", directory, with_kind(file_, Kind::Complete));
    pause_ = Instant{0};
    not_before_ = Instant{0};
    rest();
}

void Processor::failed(const LogDirectory& directory, Instant now)
{
    ::unlinkat(directory.fd(), with_kind(file_, Kind::Scratch).c_str(), 0);
    pause_ = longer_pause(pause_, first_pause, longest_pause);
    not_before_ = now + pause_;
    rest();
}

void Processor::rest()
{
    step_ = Step::Idle;
    pid_ = 0;
    output_.close();
    new_state_.close();
}

}  // namespace runsuite::svlogd
