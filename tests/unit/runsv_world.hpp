// A service and a world that answers its actions, for tests of the rule: virtual time, no processes.
#pragma once

#include <string>
#include <vector>

#include "runsv/service.hpp"

namespace world {

using namespace runsuite;
using namespace runsuite::runsv;

struct World {
    explicit World(Kind kind = Kind::Main, Want want = Want::Up) : service(new_service(kind, want, time)) {}

    Now time{std::chrono::seconds(1000), std::chrono::seconds(1700000000)};
    Service service;
    bool has_finish = false;
    bool can_fork = true;
    bool can_run = true;  // ./run can be executed
    bool is_retired = false;
    std::string scripts;           // the ones that exist, and hang until script_ends()
    std::vector<std::string> log;  // what was done, in order
    int next_pid = 100;

    void pass(std::chrono::milliseconds span)
    {
        time.monotonic += span;
        time.wall += span;
    }
    void feed(Event event)
    {
        event.now = time;
        const Step made = step(service, event);
        service = made.next;
        for (const Action& action : made.actions) carry_out(action);
    }
    void tick() { feed({}); }
    void tell(char byte) { feed({.what = Event::What::Told, .command = *command_of(byte)}); }
    void tell_all(const std::string& bytes)
    {
        for (const char byte : bytes) tell(byte);
    }
    void end(int wait_status = 0) { feed({.what = Event::What::Ended, .wait_status = wait_status}); }
    void script_ends(bool handled = false) { feed({.what = Event::What::ScriptEnded, .handled = handled}); }

    // What was done since the last call, one word each.
    std::string done()
    {
        std::string words;
        for (const auto& word : log) words += (words.empty() ? "" : " ") + word;
        log.clear();
        return words;
    }

private:
    void answer_start(const std::string& what)
    {
        log.push_back(can_fork ? what : "no-fork");
        const Tai64n now = Tai64n::from_unix(time.wall);
        if (can_fork) feed({.what = Event::What::Started, .pid = next_pid++, .since = now});
        else feed({.what = Event::What::NotStarted});
    }
    void answer_no_run()
    {
        log.push_back("no-run");
        feed({.what = Event::What::Started, .pid = next_pid++, .trouble = {"run", 8}});
    }
    void carry_out(const Action& action)
    {
        switch (action.what) {
            case Action::What::Prepare:
                if (scripts.find('u') == std::string::npos) return feed({.what = Event::What::Absent});
                return answer_start("control/u");
            case Action::What::StartRun: return can_run ? answer_start("run") : answer_no_run();
            case Action::What::StartFinish:
                if (!has_finish) return feed({.what = Event::What::Absent});
                return answer_start("finish");
            case Action::What::AskScript:
                if (scripts.find(action.script) == std::string::npos) return script_ends();
                log.push_back(std::string("control/") + action.script);
                return feed({.what = Event::What::ScriptStarted, .pid = next_pid++});
            case Action::What::Signal: log.push_back(name_of_signal(action.signal)); return;
            case Action::What::EndScript:
                log.push_back(action.signal == SIGKILL ? "kill-script" : "end-script");
                return;
            case Action::What::Retire:
                log.push_back("retire");
                is_retired = true;
                return;
        }
    }
    static std::string name_of_signal(int signal)
    {
        for (const auto& row : command_table) {
            if (row.signal == signal) return row.word;
        }
        return "?";
    }
};

}  // namespace world
