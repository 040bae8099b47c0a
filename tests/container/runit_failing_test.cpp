// Stages that cannot be run: said with the reason, and never the end of process 1.
#include <fcntl.h>
#include <unistd.h>

#include "container/machine.hpp"
#include "posix/unique_fd.hpp"

using namespace machine;

namespace {

bool can_have_console()
{
    const bool is_there = ::access("/dev/console", F_OK) == 0;
    if (!is_there) std::cerr << "skipped: there is no /dev/console to put another one over\n";
    return is_there && can_have_namespaces();
}

// Its console is the file "console", which it has to open itself.
void start_without_descriptors(const Machine& machine)
{
    machine.tree.file("console", "");
    machine.tree.script(
        "enter",
        "mount -t tmpfs none /etc && mkdir /etc/runit && mount --bind $T/etc /etc/runit || exit 99\n"
        "mount --bind $T/console /dev/console || exit 99\n"
        "exec \"$@\" <&- >&- 2>&-\n");
}

}  // namespace

TEST_CASE("a stage 1 that is missing, cannot be executed or has no interpreter is named, and stage 2 is entered")
{
    if (!can_have_namespaces()) return;
    struct Case {
        const char* text;
        mode_t mode;
        const char* words;
    };
    for (const Case& one : {Case{"", 0, ": file does not exist"}, Case{"#!/bin/sh\n", 0644, ": access denied"},
                            Case{"#!/no/such\n", 0755, ": interpreter: file does not exist"}}) {
        Machine machine;
        machine.tree.remove("etc/1");
        if (one.mode != 0) machine.tree.file("etc/1", one.text, one.mode);
        machine.boot();
        machine.wait_for("enter stage: /etc/runit/2");
        CHECK(contains(machine.said(), std::string("- runit: fatal: unable to start child: /etc/runit/1") +
                                           one.words + "\n- runit: leave stage: /etc/runit/1\n"));
        CHECK(machine.stop().code == 0);
    }
}

TEST_CASE("for a stage 2 that cannot be run there is the rescue program, and what that repairs is tried again")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.tree.remove("etc/2");
    machine.stage("rescue", "printf '#!/bin/sh\\nexec sleep 1000000\\n' >$T/etc/2; chmod 755 $T/etc/2");
    machine.boot();
    machine.wait_for(
        "- runit: fatal: unable to start child: /etc/runit/2: file does not exist\n"
        "- runit: leave stage: /etc/runit/2\n"
        "- runit: rescue shell: /etc/runit/rescue\n"
        "- runit: leave stage: /etc/runit/rescue\n"
        "- runit: enter stage: /etc/runit/2\n");
    CHECK(machine.stop().code == 0);
}

TEST_CASE("without a rescue program there is a shell, and when that does not help either, the end in order")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.tree.remove("etc/2");
    machine.boot();  // its standard input is empty, so the shell ends
    CHECK(machine.outside->wait().code == 111);
    CHECK(contains(machine.said(),
                   "- runit: rescue shell: /bin/sh\n"
                   "- runit: leave stage: /bin/sh\n"
                   "- runit: enter stage: /etc/runit/2\n"
                   "- runit: fatal: unable to start child: /etc/runit/2: file does not exist\n"
                   "- runit: leave stage: /etc/runit/2\n"
                   "- runit: enter stage: /etc/runit/3\n"));
}

TEST_CASE("a rescue program that its owner may not execute is none: there is the shell")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.tree.remove("etc/2");
    machine.tree.file("etc/rescue", "#!/bin/sh\n", 0644);
    machine.boot();
    CHECK(machine.outside->wait().code == 111);
    CHECK(contains(machine.said(), "- runit: rescue shell: /bin/sh\n- runit: leave stage: /bin/sh\n"));
}

TEST_CASE("a stage 3 that cannot be run is named, and the end comes all the same")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.tree.remove("etc/3");
    machine.boot();
    machine.wait_for("enter stage: /etc/runit/2");
    CHECK(machine.stop().code == 0);
    CHECK(contains(machine.said(),
                   "- runit: fatal: unable to start child: /etc/runit/3: file does not exist\n"
                   "- runit: leave stage: /etc/runit/3\n"
                   "- runit: sending KILL signal to all processes...\n"));
}

TEST_CASE("a console that cannot be opened yet keeps nothing waiting")
{
    if (!can_have_console()) return;
    Machine machine;
    start_without_descriptors(machine);
    machine.stage("2", "touch $T/two; exec sleep 1000000");
    // Whoever opens a file that somebody has a lease on is kept waiting for that one, for most of a minute.
    std::signal(SIGIO, SIG_IGN);
    const runsuite::UniqueFd held{::open(machine.tree.path("console").c_str(), O_RDONLY | O_CLOEXEC)};
    REQUIRE(::fcntl(held.get(), F_SETLEASE, F_RDLCK) == 0);
    machine.boot();
    machine.wait_for_file("two");
    CHECK(machine.stop().code == 0);
}

TEST_CASE("the console that runit opens is an ordinary one for the stages")
{
    if (!can_have_console()) return;
    Machine machine;
    start_without_descriptors(machine);
    machine.stage("1", "grep flags /proc/self/fdinfo/2 >$T/flags");
    machine.stage("2", "exit 0");
    machine.boot();
    CHECK(machine.outside->wait().code == 0);
    CHECK(contains(machine.tree.read("console"), "- runit: enter stage: /etc/runit/2"));
    CHECK((std::stoi(machine.tree.read("flags").substr(6), nullptr, 8) & O_NONBLOCK) == 0);
}

TEST_CASE("without any stage, and with standard descriptors closed, there is an end in order too")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    for (const std::string name : {"1", "2", "3"}) machine.tree.remove("etc/" + name);
    machine.tree.script("enter",
                        "mount -t tmpfs none /etc\n"
                        "[ ! -e /dev/console ] || mount --bind /dev/null /dev/console\n"
                        "exec \"$@\" <&- >&- 2>&-\n");
    machine.boot();
    CHECK(machine.outside->wait().code == 111);
}

TEST_CASE("where /proc is not mounted yet, runit is heard too")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.stage("2", "exit 0");
    machine.boot(Machine::Right::None, {"sh", "-c", "umount -l /proc; exec \"$0\""});
    CHECK(machine.outside->wait().code == 0);
    CHECK(contains(machine.said(), "- runit: enter stage: /etc/runit/2\n"));
}

TEST_CASE("files that may have no byte end no machine")
{
    if (!can_have_namespaces()) return;
    Machine machine;
    machine.stage("2", "exit 0");
    machine.stage("3", "mkdir $T/three");
    machine.boot(Machine::Right::None, {"sh", "-c", "ulimit -f 0; exec \"$0\" 2>>" + machine.tree.path("log")});
    CHECK(machine.outside->wait().code == 0);
    CHECK(machine.tree.has("three"));
    CHECK(machine.tree.has("log"));
    CHECK(machine.tree.read("log").empty());
}
