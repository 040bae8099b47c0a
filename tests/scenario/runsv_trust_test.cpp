// Whoever may write in `supervise` of a root runsv must win nothing by it: the games of SECURITY.md, one by one, as user 65534.
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iostream>

#include "model/lock_record.hpp"
#include "posix/process.hpp"
#include "scenario/runsv_fixture.hpp"

using namespace scenario;

namespace {

constexpr uid_t somebody = 65534;

bool is_root()
{
    if (::geteuid() == 0) return true;
    std::cerr << "skipped: only root can be tricked into what is tested here\n";
    return false;
}

// A service whose `supervise` belongs to somebody, and that has no runsv now.
struct Service : OneService {
    Service()
    {
        script("run", stay);
        tree.directory("service/supervise");
        REQUIRE(::chown(tree.path("service/supervise").c_str(), somebody, somebody) == 0);
        tree.file("precious", "root's\n");
    }
    std::string at(const std::string& name) const { return directory() + "/supervise/" + name; }
    void owned(const std::string& name, const std::string& text) const
    {
        file("supervise/" + name, text);
        REQUIRE(::lchown(at(name).c_str(), somebody, somebody) == 0);
    }
    void link_to_precious(const std::string& name, bool is_hard) const
    {
        std::filesystem::remove(at(name));
        const std::string precious = tree.path("precious");
        REQUIRE((is_hard ? ::link(precious.c_str(), at(name).c_str())
                         : ::symlink(precious.c_str(), at(name).c_str())) == 0);
    }
    std::string precious() const { return tree.read("precious"); }
    // What a runsv of this service would have left that has `process` in its care.
    std::string forged_record(pid_t process) const
    {
        using namespace runsuite;
        LockRecord record;
        record.space = this_process_space();
        struct stat about {};
        REQUIRE(::stat(directory().c_str(), &about) == 0);
        record.device = about.st_dev;
        record.inode = about.st_ino;
        record.runsv = mark_of_this_process();
        record.process = mark_of_this_process();
        record.process.pid = process;
        record.phase = LockRecord::Phase::Run;
        return std::string(record.bytes());
    }
};

struct Victim {
    static StartSpec spec()
    {
        StartSpec spec;
        spec.argv = {"sleep", "1000000"};
        return spec;
    }
    Victim() : process(spec()) {}
    bool lives() const { return is_alive(process.pid()); }
    Process process;
};

// Told to end with all that it has; the victim has to outlive that.
void kill_through(const Service& one)
{
    one.control("k");
    one.runsv->signal(SIGTERM);
    one.runsv->wait();
}

}  // namespace

TEST_CASE("a record that somebody else can have written is not believed, and its process is left alone")
{
    if (!is_root()) return;
    for (const std::string how : {"another owner", "writable for others", "a second name"}) {
        INFO(how);
        Victim victim;
        Service one;
        one.file("supervise/lock", one.forged_record(victim.process.pid()));
        const std::string lock = one.at("lock");
        if (how == "another owner") REQUIRE(::chown(lock.c_str(), somebody, somebody) == 0);
        if (how == "writable for others") REQUIRE(::chmod(lock.c_str(), 0666) == 0);
        if (how == "a second name") REQUIRE(::link(lock.c_str(), one.tree.path("kept").c_str()) == 0);
        one.launch_and_wait_until("run");
        CHECK(one.pid() != victim.process.pid());
        struct stat about {};
        REQUIRE(::stat(lock.c_str(), &about) == 0);
        CHECK(about.st_uid == 0);
        CHECK(about.st_nlink == 1);
        CHECK((about.st_mode & 0777) == 0600);
        kill_through(one);
        CHECK(victim.lives());
    }
}

TEST_CASE("the same record is believed where only root can have written it")
{
    if (!is_root()) return;
    Victim victim;
    Service one;
    one.file("supervise/lock", one.forged_record(victim.process.pid()));
    REQUIRE(::chmod(one.at("lock").c_str(), 0600) == 0);
    one.launch_and_wait_until("run");
    CHECK(one.pid() == victim.process.pid());
}

TEST_CASE("a status, stat and pid that somebody has forged adopt nothing")
{
    if (!is_root()) return;
    Victim victim;
    Service one;
    StatusRecord record;
    record.since = runsuite::Tai64n::from_unix(std::chrono::seconds(::time(nullptr)));
    record.pid = static_cast<std::uint32_t>(victim.process.pid());
    record.state = ServiceState::Run;
    record.want = Want::Up;
    const auto bytes = record.encode();
    one.owned("status", {bytes.begin(), bytes.end()});
    one.owned("stat", "run\n");
    one.owned("pid", std::to_string(victim.process.pid()) + "\n");
    one.launch();
    REQUIRE(eventually([&] { return one.pid() != 0 && one.pid() != victim.process.pid(); }));
    one.wait_until("run");
    kill_through(one);
    CHECK(victim.lives());
}

TEST_CASE("links at names that runsv writes lead nowhere: what they name stays as it is")
{
    if (!is_root()) return;
    for (const bool is_hard : {false, true}) {
        for (const std::string name :
             {"status.new", "stat.new", "pid.new", "status", "stat", "pid", "ok", "output"}) {
            INFO(name << (is_hard ? ", a second name" : ", a symlink"));
            Service one;
            one.script("log/run", stay);
            one.link_to_precious(name, is_hard);
            one.launch_and_wait_until("run");
            // While it runs, too: the end of the service writes all of them.
            if (name.find("new") != std::string::npos || name == "pid") one.link_to_precious(name, is_hard);
            one.control("d");
            one.wait_until("down");
            CHECK(one.precious() == "root's\n");
            struct stat about {};
            REQUIRE(::stat(one.tree.path("precious").c_str(), &about) == 0);
            CHECK((about.st_mode & 0777) == 0644);
        }
    }
}

TEST_CASE("a lock that is a link is no lock: runsv does not start, and what it names stays as it is")
{
    if (!is_root()) return;
    Service one;
    one.link_to_precious("lock", false);
    one.launch();
    CHECK(one.runsv->wait().code == 111);
    CHECK(one.runsv->err() == "runsv service: fatal: unable to open supervise/lock: symbolic link loop\n");
    CHECK(one.precious() == "root's\n");
    one.link_to_precious("lock", true);
    one.launch_and_wait_until("run");
    CHECK(one.precious() == "root's\n");
}

TEST_CASE("a fifo at a name that runsv writes does not hold it up")
{
    if (!is_root()) return;
    for (const std::string name :
         {"status.new", "stat.new", "pid.new", "exit.new", "status", "stat", "pid", "lock"}) {
        INFO(name);
        Service one;
        one.file("essential", "");
        REQUIRE(::mkfifo(one.at(name).c_str(), 0600) == 0);
        one.launch_and_wait_until("run");
        const pid_t service = one.pid();
        std::filesystem::remove(one.at(name));
        if (name != "lock") REQUIRE(::mkfifo(one.at(name).c_str(), 0600) == 0);
        ::kill(service, SIGKILL);
        one.wait_for_new_pid(service);
        one.wait_until("run");
        CHECK(one.read("supervise/exit") == "killed 9\n");
    }
}

TEST_CASE("fifos in place of the scripts of a service do not hold runsv up")
{
    Service one;
    for (const std::string name : {"finish", "check", "control/t", "control/u", "down.new"}) {
        one.tree.directory("service/control");
        REQUIRE(::mkfifo((one.directory() + "/" + name).c_str(), 0700) == 0);
    }
    one.launch_and_wait_until("run");
    const pid_t service = one.pid();
    one.control("t");
    one.wait_for_new_pid(service);
}

TEST_CASE("a control fifo with a second name, another service's perhaps, is replaced; a link is refused")
{
    if (!is_root()) return;
    OneService other;
    other.script("run", stay);
    other.launch_and_wait_until("run");
    Service one;
    REQUIRE(::link((other.directory() + "/supervise/control").c_str(), one.at("control").c_str()) == 0);
    one.launch_and_wait_until("run");
    other.control("d");
    other.wait_until("down");
    CHECK(one.stat() == "run");

    Service linked;
    REQUIRE(::symlink((other.directory() + "/supervise/control").c_str(), linked.at("control").c_str()) == 0);
    linked.launch();
    CHECK(linked.runsv->wait().code == 111);
    CHECK(linked.runsv->err() ==
          "runsv service: fatal: unable to create fifo supervise/control: file already exists\n");
}

TEST_CASE("whoever may open ok may ask, and commands nothing")
{
    OneService one;
    one.script("run", stay);
    one.launch_and_wait_until("run");
    const pid_t service = one.pid();
    one.tree.append("service/supervise/ok", "dxk");
    one.control("h");
    one.wait_for_new_pid(service);  // what was written to ok before would have been obeyed first
    CHECK(one.stat() == "run");
    // Nor does reading it take a command away.
    struct stat ok {};
    struct stat control {};
    REQUIRE(::stat((one.directory() + "/supervise/ok").c_str(), &ok) == 0);
    REQUIRE(::stat((one.directory() + "/supervise/control").c_str(), &control) == 0);
    CHECK(ok.st_ino != control.st_ino);
}

TEST_CASE("an ok that an older runsv made a second name of control is a fifo of its own again")
{
    OneService one;
    one.script("run", stay);
    one.tree.directory("service/supervise");
    const std::string supervise = one.directory() + "/supervise/";
    REQUIRE(::mkfifo((supervise + "control").c_str(), 0600) == 0);
    REQUIRE(::link((supervise + "control").c_str(), (supervise + "ok").c_str()) == 0);
    one.launch_and_wait_until("run");
    struct stat ok {};
    struct stat control {};
    REQUIRE(::stat((supervise + "ok").c_str(), &ok) == 0);
    REQUIRE(::stat((supervise + "control").c_str(), &control) == 0);
    CHECK(ok.st_ino != control.st_ino);
}

TEST_CASE("the output fifo of a service is runsv's alone: one that somebody made is replaced")
{
    if (!is_root()) return;
    Service one;
    one.script("run", "echo secret\n" + stay);
    one.script("log/run", "exec cat >../lines\n");
    REQUIRE(::mkfifo(one.at("output").c_str(), 0666) == 0);
    REQUIRE(::chown(one.at("output").c_str(), somebody, somebody) == 0);
    one.launch_and_wait_until("run");
    one.wait_for_text("lines", "secret\n");
    struct stat about {};
    REQUIRE(::stat(one.at("output").c_str(), &about) == 0);
    CHECK(about.st_uid == 0);
    CHECK((about.st_mode & 0777) == 0600);
}

TEST_CASE("a limit of file sizes ends neither runsv nor its service")
{
    OneService one;
    one.script("run", stay);
    StartSpec spec;
    spec.argv = {"sh", "-c", "ulimit -f 0; exec " + program("runsv") + " service 2>/dev/null"};
    spec.directory = one.tree.path();
    one.runsv = std::make_unique<Process>(spec);
    REQUIRE(eventually([&] { return !children_of(one.runsv->pid()).empty(); }));
    one.control("k");
    CHECK(always([&] { return one.runsv->is_running(); }, 300ms));
    CHECK(eventually([&] { return !children_of(one.runsv->pid()).empty(); }));
    const pid_t child = children_of(one.runsv->pid()).at(0);
    CHECK(always([&] { return is_alive(child); }, 100ms));
    one.runsv->signal(SIGTERM);
    CHECK(one.runsv->wait().code == 0);
}
