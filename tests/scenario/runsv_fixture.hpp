// One service directory with a runsv in it.
#pragma once

#include <csignal>
#include <memory>

#include "model/status_record.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/tree.hpp"

namespace scenario {

using namespace support;
using namespace std::chrono_literals;
using runsuite::ServiceState;
using runsuite::StatusRecord;
using runsuite::Want;

struct OneService {
    Tree tree;
    std::unique_ptr<Process> runsv;

    std::string directory() const { return tree.path("service"); }
    void script(const std::string& name, const std::string& body) const { tree.script("service/" + name, body); }
    void file(const std::string& name, const std::string& text) const { tree.file("service/" + name, text); }

    void launch(const std::string& how = "service")
    {
        StartSpec spec;
        spec.argv = {program("runsv"), how};
        spec.directory = tree.path();
        runsv = std::make_unique<Process>(spec);
    }
    // Launched, and up for more than a second as far as its supervise/ says nothing else.
    void launch_and_wait_until(const std::string& stat)
    {
        launch();
        wait_until(stat);
    }
    void wait_until(const std::string& stat) const
    {
        // stat is written before status: a reader that sees the new one may still see the old other.
        const bool reached = eventually([&] {
            return is_supervised(directory()) && this->stat() == stat && says_the_same(decoded_record(""), stat);
        });
        INFO("stat is '" << this->stat() << "', stderr: " << runsv->err());
        REQUIRE(reached);
    }
    void wait_for_text(const std::string& name, const std::string& text) const
    {
        const bool came = eventually([&] { return read(name).find(text) != std::string::npos; });
        INFO(name << " is: " << read(name) << " stderr: " << runsv->err());
        REQUIRE(came);
    }

    void control(const std::string& bytes) const { tree.append("service/supervise/control", bytes); }
    std::string read(const std::string& name) const { return tree.read("service/" + name); }
    std::string stat() const { return stat_in(directory()); }
    pid_t pid() const { return pid_in(directory()); }
    // Of nobody it would be the end of all the tests: kill(2) takes 0 for the process group.
    void signal_service(int signal) const
    {
        const pid_t service = pid();
        REQUIRE(service > 0);
        REQUIRE(::kill(service, signal) == 0);
    }
    pid_t log_pid() const { return pid_in(directory() + "/log"); }
    StatusRecord record(const std::string& prefix = "") const
    {
        const auto decoded = decoded_record(prefix);
        REQUIRE(decoded.has_value());
        return *decoded;
    }
    std::optional<StatusRecord> decoded_record(const std::string& prefix) const
    {
        const std::string bytes = read(prefix + "supervise/status");
        return StatusRecord::decode({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
    }
    static bool says_the_same(const std::optional<StatusRecord>& record, const std::string& stat)
    {
        const auto says = [&](const std::string& word) { return stat.find(word) != std::string::npos; };
        return record && stat.rfind(runsuite::name_of(record->state), 0) == 0 &&
               record->paused == says("paused") && record->term_sent == says("got TERM") &&
               (record->state == ServiceState::Down || (record->want == Want::Down) == says("want"));
    }
    // The next process after `old`.
    pid_t wait_for_new_pid(pid_t old) const
    {
        const bool came = eventually([&] { return pid() != 0 && pid() != old && is_alive(pid()); });
        INFO("stat is '" << stat() << "', pid " << pid() << ", stderr: " << runsv->err());
        REQUIRE(came);
        return pid();
    }
};

inline void kill_runsv(OneService& one)
{
    one.runsv->signal(SIGKILL);
    one.runsv->wait();
}

inline void kill_runsv_and_start_the_next(OneService& one)
{
    kill_runsv(one);
    one.launch_and_wait_until("run");
}

inline long lines_in(const std::string& text)
{
    return std::count(text.begin(), text.end(), '\n');
}

}  // namespace scenario
