#include "scenario/sv_support.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <regex>

#include "posix/clock.hpp"
#include "support/catch.hpp"

namespace sv_support {

using runsuite::ServiceState;
using runsuite::StatusRecord;
using runsuite::Want;

Counterfeit::Counterfeit(const Tree& tree, const std::string& name, const StatusRecord& record)
    : tree_(tree), name_(name)
{
    const std::string supervise = tree.path(name + "/supervise");
    std::filesystem::create_directories(supervise);
    ::mkfifo((supervise + "/ok").c_str(), 0600);
    ::mkfifo((supervise + "/control").c_str(), 0600);
    ok_ = ::open((supervise + "/ok").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    control_ = ::open((supervise + "/control").c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(ok_ >= 0);
    REQUIRE(control_ >= 0);
    publish(record);
}

void Counterfeit::publish(const StatusRecord& record) const
{
    const auto bytes = record.encode();
    publish_bytes(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

void Counterfeit::publish_bytes(const std::string& bytes) const
{
    tree_.file(name_ + "/supervise/status.new", bytes);
    std::filesystem::rename(tree_.path(name_ + "/supervise/status.new"), tree_.path(name_ + "/supervise/status"));
}

std::string Counterfeit::take() const
{
    std::string taken;
    for (char byte; ::read(control_, &byte, 1) == 1;) {
        if (byte != '\n') taken += byte;
    }
    return taken;
}

int Counterfeit::unread() const
{
    int count = 0;
    ::ioctl(control_, FIONREAD, &count);
    return count;
}

void Counterfeit::end()
{
    if (ok_ >= 0) ::close(ok_);
    if (control_ >= 0) ::close(control_);
    ok_ = control_ = -1;
}

StatusRecord running(long seconds_ago, unsigned pid)
{
    const auto stamp = runsuite::wall_now() - std::chrono::seconds(seconds_ago);
    return {.since = runsuite::Tai64n::from_unix(stamp), .pid = pid, .want = Want::Up, .state = ServiceState::Run};
}

StatusRecord down(long seconds_ago, Want want)
{
    StatusRecord record = running(seconds_ago, 0);
    record.state = ServiceState::Down;
    record.want = want;
    return record;
}

void make_service(const Tree& tree, const std::string& name, const std::string& body)
{
    tree.script(name + "/run", body);
}

std::unique_ptr<Process> supervise(const Tree& tree, const std::string& name)
{
    StartSpec spec;
    spec.argv = {program("runsv"), name};
    spec.directory = tree.path();
    auto runsv = std::make_unique<Process>(spec);
    REQUIRE(eventually([&] { return is_supervised(tree.path(name)); }));
    // Whatever it is to be, it has become.
    REQUIRE(eventually([&] {
        return tree.has(name + "/down") ? stat_in(tree.path(name)) == "down" : pid_in(tree.path(name)) > 0;
    }));
    return runsv;
}

StartSpec sv_spec(const Tree& tree, std::vector<std::string> words, std::map<std::string, std::string> more)
{
    StartSpec spec;
    spec.argv = {program("sv")};
    spec.argv.insert(spec.argv.end(), words.begin(), words.end());
    spec.environment = std::move(more);
    spec.environment.insert({"SVDIR", tree.path()});
    return spec;
}

Finished sv(const Tree& tree, std::vector<std::string> words, std::map<std::string, std::string> more)
{
    return run(sv_spec(tree, std::move(words), std::move(more)), std::chrono::milliseconds(40000));
}

Finished init_script(const Tree& tree, const std::string& name, std::vector<std::string> words)
{
    const std::string link = tree.path(".init.d/" + name);
    tree.directory(".init.d");
    if (!std::filesystem::is_symlink(link)) std::filesystem::create_symlink(program("sv"), link);
    StartSpec spec = sv_spec(tree, std::move(words));
    spec.argv[0] = link;
    return run(spec);
}

std::string without_numbers(std::string text)
{
    text = std::regex_replace(text, std::regex("\\(pid [0-9]+\\)"), "(pid N)");
    return std::regex_replace(text, std::regex(" [0-9]+s"), " Ts");
}

}  // namespace sv_support
