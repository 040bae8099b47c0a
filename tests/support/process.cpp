#include "support/process.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "support/catch.hpp"

namespace support {

namespace {

int memory_file(const char* name)
{
    const int fd = ::memfd_create(name, MFD_CLOEXEC);
    if (fd < 0) throw std::runtime_error("memfd_create");
    ::fcntl(fd, F_SETFL, O_APPEND);
    return fd;
}

std::string contents_of(int fd)
{
    std::string text;
    char buffer[4096];
    off_t at = 0;
    for (;;) {
        const ssize_t count = ::pread(fd, buffer, sizeof buffer, at);
        if (count <= 0) return text;
        text.append(buffer, static_cast<std::size_t>(count));
        at += count;
    }
}

std::vector<char*> pointers_to(const std::vector<std::string>& words)
{
    std::vector<char*> pointers;
    for (const auto& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

}  // namespace

Process::Process(StartSpec spec) : out_(memory_file("out")), err_(memory_file("err"))
{
    adopt_orphans();
    const auto argv = pointers_to(spec.argv);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork");
    if (pid_ > 0) return;
    for (const auto& [name, value] : spec.environment) ::setenv(name.c_str(), value.c_str(), 1);
    ::dup2(::open(spec.input.c_str(), O_RDONLY | O_CLOEXEC), 0);
    ::dup2(out_, 1);
    ::dup2(spec.join_output ? out_ : err_, 2);
    ::close_range(3, ~0U, 0);
    if (!spec.directory.empty() && ::chdir(spec.directory.c_str()) < 0) ::_exit(126);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
}

Process::~Process()
{
    if (!ended_) {
        ::kill(pid_, SIGKILL);
        reap(0);
    }
    ::close(out_);
    ::close(err_);
}

void Process::reap(int options)
{
    if (!ended_ && ::waitpid(pid_, &status_, options) == pid_) ended_ = true;
}

bool Process::is_running()
{
    reap(WNOHANG);
    return !ended_;
}

void Process::signal(int number)
{
    if (is_running()) ::kill(pid_, number);
}

std::string Process::out() const
{
    return contents_of(out_);
}

std::string Process::err() const
{
    return contents_of(err_);
}

Finished Process::wait(std::chrono::milliseconds limit)
{
    const bool ended = eventually([&] { return !is_running(); }, limit);
    INFO("stdout: " << out() << "stderr: " << err());
    REQUIRE(ended);
    Finished finished;
    if (WIFEXITED(status_)) finished.code = WEXITSTATUS(status_);
    if (WIFSIGNALED(status_)) finished.signal = WTERMSIG(status_);
    finished.out = out();
    finished.err = err();
    return finished;
}

Finished run(StartSpec spec, std::chrono::milliseconds limit)
{
    Process process{std::move(spec)};
    return process.wait(limit);
}

Finished run(std::vector<std::string> argv)
{
    StartSpec spec;
    spec.argv = std::move(argv);
    return run(std::move(spec));
}

void adopt_orphans()
{
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void end_all_descendants()
{
    const bool gone = eventually([] {
        for (const pid_t child : children_of(::getpid())) ::kill(child, SIGKILL);
        while (::waitpid(-1, nullptr, WNOHANG) > 0) {
        }
        return children_of(::getpid()).empty();
    });
    if (!gone) throw std::runtime_error("processes are left over");
}

bool is_alive(pid_t pid)
{
    const std::string state = proc_field(pid, "State");
    return !state.empty() && state[0] != 'Z' && state[0] != 'X';
}

std::vector<pid_t> children_of(pid_t pid)
{
    std::vector<pid_t> children;
    std::error_code gone;
    for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task", gone)) {
        std::ifstream list(task.path() / "children");
        for (pid_t child; list >> child;) children.push_back(child);
    }
    return children;
}

std::vector<int> descriptors_of(pid_t pid)
{
    std::vector<int> descriptors;
    std::error_code gone;
    for (const auto& fd : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd", gone)) {
        descriptors.push_back(std::stoi(fd.path().filename()));
    }
    return descriptors;
}

std::string proc_field(pid_t pid, const std::string& field)
{
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind(field + ":\t", 0) == 0) return line.substr(field.size() + 2);
    }
    return "";
}

}  // namespace support
