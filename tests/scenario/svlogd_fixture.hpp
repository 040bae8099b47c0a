// svlogd at the end of a pipe that the test writes to.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/tree.hpp"

namespace support {

inline std::string lines(int first, int last, const std::string& rest = "")
{
    std::string text;
    for (int number = first; number <= last; ++number) text += "line " + std::to_string(number) + rest + "\n";
    return text;
}

class LogTree : public Tree {
public:
    explicit LogTree(const std::string& config = "", const std::string& log = "log")
    {
        directory(log);
        if (!config.empty()) file(log + "/config", config);
    }

    // Names of the old files, the oldest first.
    std::vector<std::string> old_files(const std::string& log = "log") const
    {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(path(log))) {
            const std::string name = entry.path().filename();
            if (name[0] == '@') names.push_back(name);
        }
        std::sort(names.begin(), names.end());
        return names;
    }
    // What all files of the log hold, in order.
    std::string everything(const std::string& log = "log") const
    {
        std::string text;
        for (const auto& name : old_files(log)) {
            if (name.back() != 't') text += read(log + "/" + name);  // .t is a copy in the making
        }
        return text + read(log + "/current");
    }
    std::string current() const { return read("log/current"); }
    mode_t mode_of(const std::string& name) const
    {
        struct stat about {};
        REQUIRE(::stat(path(name).c_str(), &about) == 0);
        return about.st_mode & 07777;
    }
    // Runs svlogd over the whole of `input`.
    Finished log(const std::string& input, std::vector<std::string> arguments = {},
                 const std::string& name = "log")
    {
        file("input", input);
        return run(spec(std::move(arguments), "input", name), std::chrono::seconds(60));
    }
    StartSpec spec(std::vector<std::string> arguments, const std::string& input,
                   const std::string& name = "log") const
    {
        StartSpec started;
        started.argv = std::move(arguments);
        started.argv.insert(started.argv.begin(), program("svlogd"));
        started.argv.push_back(path(name));
        started.input = path(input);
        return started;
    }
};

// A running one, with a fifo for its input. Destroy it before the tree.
class Running {
public:
    explicit Running(const LogTree& tree, std::vector<std::string> arguments = {})
        : Running(tree, tree.spec(std::move(arguments), "fifo"))
    {
    }
    Running(const LogTree& tree, StartSpec spec)
    {
        ::mkfifo(tree.path("fifo").c_str(), 0600);
        process = std::make_unique<Process>(spec);
        end_ = ::open(tree.path("fifo").c_str(), O_WRONLY | O_CLOEXEC);
        REQUIRE(end_ >= 0);
        REQUIRE(eventually([&] { return process->err().find("fatal") != std::string::npos || is_ready(tree); }));
    }
    ~Running() { close(); }

    void write(const std::string& text) const
    {
        REQUIRE(::write(end_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }
    void close()
    {
        if (end_ >= 0) ::close(end_);
        end_ = -1;
    }
    // End of input.
    Finished finish()
    {
        close();
        return process->wait(std::chrono::seconds(30));
    }
    int end() const { return end_; }

    std::unique_ptr<Process> process;

private:
    static bool is_ready(const LogTree& tree)
    {
        struct stat about {};
        return ::stat(tree.path("log/current").c_str(), &about) == 0 && (about.st_mode & S_IXUSR) == 0;
    }

    int end_ = -1;
};

// Standard error is a file of the tree.
inline StartSpec with_standard_error(const LogTree& tree, const std::string& file,
                                     std::vector<std::string> arguments = {})
{
    auto spec = tree.spec(std::move(arguments), "fifo");
    const std::vector<std::string> shell{"sh", "-c", "exec \"$@\" 2>" + tree.path(file), "sh"};
    spec.argv.insert(spec.argv.begin(), shell.begin(), shell.end());
    return spec;
}

}  // namespace support
