// The same stages under the distribution's runit: it says the same on the console, but for what is new.
#include <sys/stat.h>
#include <unistd.h>

#include "container/machine.hpp"

using namespace machine;

namespace {

const std::string reference = "/sbin/runit";
const std::string reference_init = "/lib/runit/runit-init";

bool can_compare()
{
    static const bool is_there = ::access(reference.c_str(), X_OK) == 0 &&
                                 ::access(reference_init.c_str(), X_OK) == 0 &&
                                 ::access("/dev/console", F_OK) == 0;
    if (!is_there) std::cerr << "skipped: no Debian's runit, or no /dev/console to put another one over\n";
    return is_there && can_have_namespaces();
}

// Without times, how a script ended, the first line, and the lines that only we have.
std::string told(const std::string& text)
{
    std::string kept;
    std::string rest = without_times(text);
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size() - 1);
        std::string line = rest.substr(0, end);
        rest.erase(0, end + 1);
        while (!line.empty() && line.back() == '\r') line.pop_back();
        if (contains(line, ": booting.") || contains(line, "shutdown request...")) continue;
        if (contains(line, "signals only work in stage 2.")) continue;  // the reference's own CONT comes in late
        if (const auto how = line.rfind(" ("); how != std::string::npos && line.back() == ')') line.erase(how);
        kept += line + "\n";
    }
    return kept;
}

struct Stages {
    std::string one = "true";
    std::string two = "true";
    std::string three = "true";
    std::string ctrlaltdel{};
    std::string without{};  // this one
};

void write(const Machine& machine, const Stages& stages)
{
    machine.stage("1", "mkdir -p /run; " + stages.one);
    machine.stage("2", stages.two);
    machine.stage("3", stages.three);
    if (!stages.ctrlaltdel.empty()) machine.stage("ctrlaltdel", stages.ctrlaltdel);
    if (!stages.without.empty()) machine.tree.remove("etc/" + stages.without);
}

std::string our_words(const Stages& stages)
{
    Machine machine;
    write(machine, stages);
    machine.boot(Machine::Right::Reboot);
    const Finished finished = machine.outside->wait();
    return told(finished.err) + "signal " + std::to_string(finished.signal) + "\n";
}

// It speaks on /dev/console whatever its standard error is, and Debian's has its flags in /run.
std::string their_words(const Stages& stages)
{
    Machine machine;
    write(machine, stages);
    REQUIRE(::mkfifo(machine.tree.path("console").c_str(), 0600) == 0);
    // The reader keeps the fifo open for writing too, so that it outlives the many openings of the console.
    StartSpec read;
    read.argv = {"sh", "-c", "exec cat <>\"$1\"", "sh", machine.tree.path("console")};
    Process reader(read);
    machine.tree.script("enter",
                        "mount -t tmpfs none /etc && mkdir /etc/runit && mount --bind $T/etc /etc/runit &&\n"
                        "mount -t tmpfs none /run && mount --bind $T/console /dev/console || exit 99\n"
                        "exec " +
                            reference + "\n");
    StartSpec how;
    how.argv = {"unshare", "--kill-child", "-pfm", "--mount-proc", "sh", machine.tree.path("enter")};
    how.environment = {{"T", machine.tree.path()}, {"INIT", reference_init}, {"STOPIT", "/run/runit.stopit"}};
    const Finished finished = run(how);
    machine.tree.append("console", "- the end\n");
    REQUIRE(eventually([&] { return contains(reader.out(), "- the end\n"); }));
    std::string out = reader.out();
    out.erase(out.find("- the end\n"));
    return told(out) + "signal " + std::to_string(finished.signal) + "\n";
}

}  // namespace

TEST_CASE("the words on the console are the reference's")
{
    if (!can_compare()) return;
    const std::vector<Stages> all{
        {.two = "$INIT 0; " + stay},
        {.two = "$INIT 6; " + stay},
        {.one = "exit 100"},
        {.one = "exit 1"},
        {.two = "exit 3"},
        {.two = "kill -INT 1; " + stay, .ctrlaltdel = "echo >$STOPIT; chmod 100 $STOPIT"},
        {.two = "kill -PWR 1; " + stay},
        {.without = "1"},
        {.without = "3"},
        {.three = "exit 1"},
    };
    for (const Stages& stages : all) {
        INFO(stages.one << " | " << stages.two << " | " << stages.three << " | without " << stages.without);
        CHECK(our_words(stages) == their_words(stages));
    }
}
