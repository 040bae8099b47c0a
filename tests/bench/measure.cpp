// measure PROGRAM ARG...
//
// Runs PROGRAM (a runsvdir) with its standard output in a pipe, where every service that starts says one byte, and
// obeys one order a line from standard input; each is answered with one line of nanoseconds. What takes microseconds is
// measured here, so that the interpreter of the script around it is not in the figures.
//
//   await N           from the start of PROGRAM until N bytes in all have come
//   kill PID          from SIGKILL until the next byte
//   rename OLD NEW    from rename(2) until the next byte
//   spawn N ARG...    a command from its start to its end, N times one after the other: the median, then the exit code
//   count MS          how many bytes come in that time
//   hup               from SIGHUP to PROGRAM until no process below is left
//   pid               of PROGRAM
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience{60};

long long nanoseconds_since(Clock::time_point start)
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count();
}

pid_t start(std::vector<std::string> words, int output)
{
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, output, 1);
    ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    pid_t pid = -1;
    if (::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ) != 0) std::perror(argv[0]);
    ::posix_spawn_file_actions_destroy(&actions);
    return pid;
}

class Tree {
public:
    explicit Tree(const std::vector<std::string>& command)
    {
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) < 0) std::perror("pipe2");
        ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
        said_ = ends[0];
        started_ = Clock::now();
        pid_ = start(command, ends[1]);
        ::close(ends[1]);
    }

    pid_t pid() const { return pid_; }

    std::string await(long count)
    {
        return wait_for(count) ? std::to_string(nanoseconds_since(started_)) : "timeout";
    }

    template <typename Act>
    std::string after(Act act)
    {
        read_bytes();
        const long before = heard_;
        const auto start = Clock::now();
        act();
        return wait_for(before + 1) ? std::to_string(nanoseconds_since(start)) : "timeout";
    }

    std::string count(std::chrono::milliseconds span)
    {
        read_bytes();
        const long before = heard_;
        const auto end = Clock::now() + span;
        while (Clock::now() < end) ::poll(nullptr, 0, 10);
        read_bytes();
        return std::to_string(heard_ - before);
    }

    std::string hang_up() const
    {
        const auto start = Clock::now();
        ::kill(pid_, SIGHUP);
        while (::waitpid(-1, nullptr, 0) > 0) {
        }
        return std::to_string(nanoseconds_since(start));
    }

private:
    bool wait_for(long count)
    {
        const auto end = Clock::now() + patience;
        while (read_bytes() < count) {
            pollfd said{said_, POLLIN, 0};
            if (Clock::now() >= end || ::poll(&said, 1, 1000) < 0) return false;
        }
        return true;
    }

    long read_bytes()
    {
        char bytes[4096];
        for (ssize_t count; (count = ::read(said_, bytes, sizeof bytes)) > 0;) heard_ += count;
        return heard_;
    }

    int said_ = -1;
    pid_t pid_ = -1;
    long heard_ = 0;
    Clock::time_point started_;
};

std::string spawn(int times, const std::vector<std::string>& words, int output)
{
    std::vector<long long> walls;
    int code = 0;
    while (code == 0 && walls.size() < static_cast<std::size_t>(times)) {
        const auto begin = Clock::now();
        const pid_t pid = start(words, output);
        int status = 0;
        ::waitpid(pid, &status, 0);
        walls.push_back(nanoseconds_since(begin));
        code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::sort(walls.begin(), walls.end());
    return std::to_string(walls[walls.size() / 2]) + " " + std::to_string(code);
}

std::string obey(Tree& tree, const std::string& line, int nowhere)
{
    std::istringstream input(line);
    std::string order;
    input >> order;
    std::vector<std::string> words;
    for (std::string word; input >> word;) words.push_back(word);
    if (order == "await") return tree.await(std::stol(words.at(0)));
    if (order == "kill") return tree.after([&] { ::kill(std::stoi(words.at(0)), SIGKILL); });
    if (order == "rename") return tree.after([&] { std::rename(words.at(0).c_str(), words.at(1).c_str()); });
    if (order == "spawn") return spawn(std::stoi(words.at(0)), {words.begin() + 1, words.end()}, nowhere);
    if (order == "count") return tree.count(std::chrono::milliseconds(std::stol(words.at(0))));
    if (order == "hup") return tree.hang_up();
    if (order == "pid") return std::to_string(tree.pid());
    return "unknown";
}

}  // namespace

int main(int argc, char* argv[])
{
    if (argc < 2) return 1;
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    Tree tree({argv + 1, argv + argc});
    for (std::string line; std::getline(std::cin, line);) std::cout << obey(tree, line, nowhere) << std::endl;
    tree.hang_up();
    return 0;
}
