// A program under test: started, watched, ended.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "support/eventually.hpp"

namespace support {

struct Finished {
    int code = -1;    // exit code; -1 when a signal ended it
    int signal = 0;   // that signal
    std::string out;  // what it wrote to standard output and to standard error
    std::string err;
};

struct StartSpec {
    std::vector<std::string> argv;
    std::string directory;                           // empty: ours
    std::map<std::string, std::string> environment;  // on top of ours
    std::string input = "/dev/null";
    bool join_output = false;  // standard error goes where standard output goes
};

// Its output goes to files that out() and err() read at any time. The destructor kills it.
class Process {
public:
    explicit Process(StartSpec spec);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    pid_t pid() const { return pid_; }
    bool is_running();
    void signal(int number);
    std::string out() const;
    std::string err() const;
    // Fails the test when it has not ended by then.
    Finished wait(std::chrono::milliseconds limit = patience);

private:
    void reap(int options);

    pid_t pid_ = -1;
    int status_ = 0;
    bool ended_ = false;
    int out_ = -1;
    int err_ = -1;
};

Finished run(StartSpec spec, std::chrono::milliseconds limit = patience);
Finished run(std::vector<std::string> argv);

// Kills and reaps everything below this process, orphans too (it makes itself the reaper of orphans at first use).
void adopt_orphans();
void end_all_descendants();

// What /proc says of a process.
bool is_alive(pid_t pid);  // exists and is no zombie
std::vector<pid_t> children_of(pid_t pid);
std::vector<int> descriptors_of(pid_t pid);
std::string proc_field(pid_t pid, const std::string& field);  // of /proc/PID/status, "" when there is none

}  // namespace support
