#include "sv/check_script.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "app/service_dir.hpp"
#include "posix/file.hpp"
#include "posix/spawn.hpp"

namespace runsuite::sv {

namespace {

// What it says on standard error goes to `said`: only its last words are of use, and only when the time is over.
Result<Spawned> spawn_check(const char* directory, const sigset_t& mask, int said)
{
    const std::array<const char*, 2> argv{service_dir::check, nullptr};
    const Redirect to_said{said, STDERR_FILENO};
    SpawnSpec spec;
    spec.program = service_dir::check;
    spec.argv = argv.data();
    spec.directory = directory;
    spec.mask = &mask;
    spec.redirects = {&to_said, 1};
    spec.own_session = true;  // so that kill() finds all that it has started
    return spawn(spec);
}

Result<UniqueFd> open_ear()
{
    auto file = open_nameless_file("open a file for standard error");
    return file ? std::move(file) : open_file("/dev/null", O_RDWR, "open /dev/null");
}

// The last line that is not empty.
std::string_view last_line(std::string_view text)
{
    const auto is_end = [](char letter) { return letter == '\n' || letter == '\r' || letter == ' '; };
    while (!text.empty() && is_end(text.back())) text.remove_suffix(1);
    const std::size_t newline = text.rfind('\n');
    if (newline != std::string_view::npos) text.remove_prefix(newline + 1);
    return text;
}

}  // namespace

Result<CheckScript::Answer> CheckScript::ask(ServicePlace& place, const StatusRecord& record, const sigset_t& mask,
                                             Instant now)
{
    if (pid_ != 0) return Answer::Pending;
    if (std::exchange(said_yes_, false) && asked_of_.since == record.since && asked_of_.pid == record.pid) {
        return Answer::Yes;
    }
    if (now < not_before_) return Answer::Pending;
    is_absent_ = find_at(AT_FDCWD, place.path("check"), "run ./check").error().code == ENOENT;
    if (is_absent_) return Answer::Absent;

    auto said = open_ear();
    auto spawned = said ? spawn_check(place.path(""), mask, said->get()) : said.error();
    if (!spawned) {
        pause(now);  // out of processes or descriptors: that may pass
        return Answer::Pending;
    }
    if (spawned->not_run) return Error{"run ./check", spawned->not_run.code};
    said_ = std::move(*said);
    pid_ = spawned->pid;
    asked_of_ = record;
    return Answer::Pending;
}

void CheckScript::ended(int wait_status, Instant now)
{
    pid_ = 0;
    said_yes_ = WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0;
    if (!said_yes_) {
        ++failures_;
        last_end_ = ExitRecord::of(wait_status);
        keep_last_words();
        pause(now);
    }
    said_.close();
}

void CheckScript::keep_last_words()
{
    std::array<char, 400> bytes;
    const off_t size = ::lseek(said_.get(), 0, SEEK_END);
    const off_t from = std::max<off_t>(size - static_cast<off_t>(bytes.size()), 0);
    const ssize_t count = ::pread(said_.get(), bytes.data(), bytes.size(), from);
    const std::string_view text{bytes.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
    last_words_ = FixedString<200>{last_line(text)};
}

CheckScript::Complaint CheckScript::complaint() const
{
    Complaint text;
    if (failures_ == 0) {
        if (pid_ != 0) text.append("./check has not ended");
        return text;
    }
    text.append("./check failed ")
        .append_number(failures_)
        .append(failures_ == 1 ? " time, last " : " times, last ");
    if (last_words_.view().empty()) return text.append(last_end_.text().view());
    return text.append("said: ").append(last_words_.view());
}

void CheckScript::pause(Instant now)
{
    not_before_ = now + pause_;
    pause_ = std::min(pause_ * 2, longest_pause);
}

void CheckScript::kill()
{
    if (pid_ != 0) ::kill(-pid_, SIGKILL);
}

}  // namespace runsuite::sv
