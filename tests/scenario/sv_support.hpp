// A services directory for the scenarios of sv: services under a real runsv, and counterfeit ones whose files say
// whatever a test wants.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "model/status_record.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/tree.hpp"

namespace sv_support {

using namespace support;

// Looks supervised: pipes with a reader, and a status. What is written to it stays until it is taken.
class Counterfeit {
public:
    Counterfeit(const Tree& tree, const std::string& name, const runsuite::StatusRecord& record);
    Counterfeit(const Counterfeit&) = delete;
    Counterfeit& operator=(const Counterfeit&) = delete;
    ~Counterfeit() { end(); }

    void publish(const runsuite::StatusRecord& record) const;
    void publish_bytes(const std::string& bytes) const;
    std::string take() const;  // the command bytes written since, without the fence
    int unread() const;        // how many bytes are still to be taken
    void end();                // its runsv is gone

private:
    const Tree& tree_;
    std::string name_;
    int ok_ = -1;
    int control_ = -1;
};

runsuite::StatusRecord running(long seconds_ago = 100, unsigned pid = 4000000);
runsuite::StatusRecord down(long seconds_ago = 100, runsuite::Want want = runsuite::Want::Down);

// A service directory with a run script; and a real runsv on it.
void make_service(const Tree& tree, const std::string& name, const std::string& body = stay);
std::unique_ptr<Process> supervise(const Tree& tree, const std::string& name);

StartSpec sv_spec(const Tree& tree, std::vector<std::string> words, std::map<std::string, std::string> more = {});
// sv with SVDIR set to the tree.
Finished sv(const Tree& tree, std::vector<std::string> words, std::map<std::string, std::string> more = {});
// The same through a link of the name of the service.
Finished init_script(const Tree& tree, const std::string& name, std::vector<std::string> words);

// Without the numbers that differ from run to run: "(pid N) Ts".
std::string without_numbers(std::string text);

}  // namespace sv_support
