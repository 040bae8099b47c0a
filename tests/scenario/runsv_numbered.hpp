// A service that numbers its lines and has svlogd for a log: what was lost, doubled or mixed up on the way can be told.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>

#include "scenario/runsv_fixture.hpp"

namespace scenario {

// It writes "line PID NUMBER" until there is a file `enough`, then "end PID LAST", and stays. `written` has the number.
inline const std::string numbered =
    "i=0\nuntil [ -e enough ]; do\n"
    "i=$((i+1)); echo line $$ $i; echo $i >>written; sleep 0.002\n"
    "done\necho end $$ $i\n" +
    stay;

struct NumberedService : OneService {
    const std::string log = "exec " + program("svlogd") + " ./main\n";

    NumberedService()
    {
        script("run", numbered);
        script("log/run", log);
        tree.directory("service/log/main");
    }

    void log_control(const std::string& bytes) const { tree.append("service/log/supervise/control", bytes); }

    // Every line in the log, oldest first.
    std::string logged() const
    {
        std::vector<std::filesystem::path> files;
        for (const auto& file : std::filesystem::directory_iterator(directory() + "/log/main")) {
            if (file.path().filename().string().starts_with("@")) files.push_back(file.path());
        }
        std::sort(files.begin(), files.end());
        std::ostringstream text;
        for (const auto& file : files) text << std::ifstream(file, std::ios::binary).rdbuf();
        return text.str() + read("log/main/current");
    }
    void wait_for_lines(int number) const
    {
        const std::string last = " " + std::to_string(number) + "\n";
        REQUIRE(eventually([&] { return logged().find(last) != std::string::npos; }));
    }
    void wait_for_new_log(pid_t old) const
    {
        REQUIRE(eventually([&] { return log_pid() != 0 && log_pid() != old && is_alive(log_pid()); }));
    }
    void end_of_lines(pid_t writer) const
    {
        file("enough", "");
        const bool has_come = eventually(
            [&] { return logged().find("end " + std::to_string(writer) + " ") != std::string::npos; }, 10s);
        INFO("the service is " << (is_alive(writer) ? "alive" : "dead") << ", stderr: " << runsv->err());
        CHECK(has_come);
    }

    // "" when each line of that process is there once and in order, but for as many as `missing`.
    std::string fault_in_lines_of(pid_t writer, int missing = 0) const
    {
        std::istringstream lines(logged());
        std::string word;
        pid_t pid = 0;
        long number = 0;
        long last = 0;
        long lost = 0;
        std::ostringstream faults;
        while (lines >> word >> pid >> number) {
            if (pid != writer) continue;
            if (word == "end") ++number;
            if (number <= last) faults << word << " " << number << " after " << last << "; ";
            lost += number - last - 1;
            last = number;
        }
        if (lost > missing) faults << lost << " lost";
        return faults.str();
    }
};

}  // namespace scenario
