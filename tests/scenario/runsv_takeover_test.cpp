// runsv is killed, what it has started lives on, and the next runsv takes it over: no second copy, nobody else's process
// touched, and what was wanted stays wanted.
#include <sys/mount.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iostream>

#include "scenario/runsv_fixture.hpp"

using namespace scenario;

namespace {

// Its ./run appends a line to `starts` at every start: as many copies as there ever were.
std::string counted(const std::string& run)
{
    return "echo x >>starts\n" + run;
}

void launch_beside_its_own_programs(OneService& one, const std::string& how = "service")
{
    StartSpec spec;
    spec.argv = {program("runsv"), how};
    spec.directory = one.tree.path();
    spec.environment["PATH"] = path_with_programs(one.tree.path("bin"));
    one.runsv = std::make_unique<Process>(spec);
    one.wait_until("run");
}

// What a full disk is made of. False where no such thing may be mounted.
class SmallDisk {
public:
    explicit SmallDisk(std::string at) : at_(std::move(at))
    {
        is_mounted_ = ::mount("tmpfs", at_.c_str(), "tmpfs", 0, "size=64k") == 0;
        if (!is_mounted_) std::cerr << "skipped: no right to mount a tmpfs\n";
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk()
    {
        if (!is_mounted_) return;
        end_all_descendants();
        ::umount2(at_.c_str(), MNT_DETACH);
    }
    bool is_mounted() const { return is_mounted_; }
    void fill() const { run({"sh", "-c", "dd if=/dev/zero of=" + at_ + "/fill bs=1k 2>/dev/null"}); }
    void empty() const { std::filesystem::remove(at_ + "/fill"); }

private:
    std::string at_;
    bool is_mounted_ = false;
};

}  // namespace

TEST_CASE("a service that is a runsvdir is taken over")
{
    OneService one;
    one.tree.script("nested/inner/run", "echo x >>starts\n" + stay);
    one.script("run", counted("exec runsvdir ../nested\n"));
    launch_beside_its_own_programs(one);
    REQUIRE(eventually([&] { return one.tree.read("nested/inner/starts") == "x\n"; }));
    const pid_t service = one.pid();
    kill_runsv(one);
    launch_beside_its_own_programs(one);
    CHECK(one.pid() == service);
    CHECK(one.read("starts") == "x\n");
    CHECK(always([&] { return one.read("starts") == "x\n"; }, 300ms));
    CHECK(one.tree.read("nested/inner/starts") == "x\n");
}

TEST_CASE("a service that is called runsv is taken over, and one that is a runsv")
{
    OneService one;
    one.tree.script("inner/run", stay);
    for (const std::string run : {"exec ../own/runsv\n", "exec runsv ../inner\n"}) {
        one.tree.directory("own");
        std::filesystem::remove(one.tree.path("own/runsv"));
        std::filesystem::copy_file("/bin/sleep", one.tree.path("own/runsv"));
        one.script("run", counted(run == "exec ../own/runsv\n" ? "exec ../own/runsv 1000000\n" : run));
        std::filesystem::remove(one.directory() + "/starts");
        launch_beside_its_own_programs(one);
        one.wait_for_text("starts", "x\n");
        const pid_t service = one.pid();
        kill_runsv(one);
        launch_beside_its_own_programs(one);
        CHECK(one.pid() == service);
        CHECK(always([&] { return one.read("starts") == "x\n"; }, 300ms));
        one.runsv->signal(SIGTERM);
        one.runsv->wait();
    }
}

TEST_CASE("a copy of the directory of a running service starts a process of its own and leaves the original alone")
{
    for (const bool original_is_supervised : {true, false}) {
        OneService one;
        one.script("run", counted(stay));
        one.launch_and_wait_until("run");
        one.wait_for_text("starts", "x\n");
        const pid_t original = one.pid();
        run({"cp", "-a", one.directory(), one.tree.path("copy")});
        if (!original_is_supervised) kill_runsv(one);
        StartSpec spec;
        spec.argv = {program("runsv"), "copy"};
        spec.directory = one.tree.path();
        Process copy(spec);
        CHECK(eventually([&] { return one.tree.read("copy/starts") == "x\nx\n"; }));
        CHECK(pid_in(one.tree.path("copy")) != original);
        one.tree.append("copy/supervise/control", "kx");
        copy.wait();
        CHECK(is_alive(original));
        CHECK(one.read("starts") == "x\n");
    }
}

TEST_CASE("a service that was restarted on a full disk is taken over")
{
    OneService one;
    one.tree.directory("service");
    const SmallDisk disk(one.directory());
    if (!disk.is_mounted()) return;
    const std::string out = one.tree.path("starts");
    one.script("run", "echo x >>" + out + "\n" + stay);
    one.launch_and_wait_until("run");
    const pid_t first = one.pid();
    disk.fill();
    one.control("t");
    REQUIRE(eventually([&] { return one.tree.read("starts") == "x\nx\n"; }));
    REQUIRE(eventually([&] { return !one.runsv->err().empty() && !is_alive(first); }));
    // More than the second within which a late file counts as one of the start.
    const auto full = std::chrono::steady_clock::now();
    REQUIRE(eventually([&] { return std::chrono::steady_clock::now() - full > 1500ms; }));
    SECTION("the disk has room again before runsv is killed")
    {
        disk.empty();
        one.wait_for_new_pid(first);
        kill_runsv_and_start_the_next(one);
    }
    SECTION("the disk has room again only after that")
    {
        kill_runsv(one);
        one.launch();
        CHECK(always([&] { return one.tree.read("starts") == "x\nx\n"; }, 300ms));
        disk.empty();
        one.wait_for_new_pid(first);
    }
    CHECK(always([&] { return one.tree.read("starts") == "x\nx\n"; }, 300ms));
    CHECK(is_alive(one.pid()));
}

TEST_CASE("a clock that was set since, forward or back, keeps no service from being taken over")
{
    for (const auto shift : {-1h, 1h}) {
        OneService one;
        one.script("run", counted(stay));
        one.launch_and_wait_until("run");
        one.wait_for_text("starts", "x\n");
        const pid_t service = one.pid();
        kill_runsv(one);
        // With the clock set by an hour, the times of all files are an hour off.
        for (const auto& file : std::filesystem::directory_iterator(one.directory() + "/supervise")) {
            std::filesystem::last_write_time(file, file.last_write_time() + shift);
        }
        one.launch_and_wait_until("run");
        CHECK(one.pid() == service);
        CHECK(one.read("starts") == "x\n");
    }
}

TEST_CASE("a runsv in another time namespace takes the service over")
{
    const std::vector<std::string> shifted = {"unshare",    "--time", "--monotonic", "100000",
                                              "--boottime", "100000", "--fork",      "--kill-child"};
    auto probe = shifted;
    probe.push_back("true");
    if (run(probe).code != 0) {
        std::cerr << "skipped: no time namespace is to be had here\n";
        return;
    }
    OneService one;
    one.script("run", counted(stay));
    one.launch_and_wait_until("run");
    one.wait_for_text("starts", "x\n");
    const pid_t service = one.pid();
    kill_runsv(one);
    StartSpec spec;
    spec.argv = shifted;
    spec.argv.insert(spec.argv.end(), {program("runsv"), "service"});
    spec.directory = one.tree.path();
    one.runsv = std::make_unique<Process>(spec);
    one.wait_until("run");
    CHECK(one.pid() == service);
    CHECK(always([&] { return one.read("starts") == "x\n"; }, 300ms));
}

TEST_CASE("runsv is killed while it exits and waits for its service: the next one starts that again")
{
    OneService one;
    one.script("run", counted("[ -e once ] && " + stay +
                              "trap 'echo told >told' TERM\nwhile [ ! -e once ]; do sleep 0.01; done\n"));
    one.launch_and_wait_until("run");
    one.wait_for_text("starts", "x\n");
    const pid_t first = one.pid();
    one.runsv->signal(SIGTERM);
    one.wait_for_text("told", "told\n");
    kill_runsv(one);
    one.launch();
    REQUIRE(eventually([&] { return is_supervised(one.directory()); }));
    CHECK(one.pid() == first);
    one.file("once", "");
    CHECK(eventually([&] { return one.read("starts") == "x\nx\n"; }));
    one.wait_until("run");
}

TEST_CASE("runsv is killed while it exits and waits for its log: the next one starts both again")
{
    OneService one;
    one.script("run", counted(stay));
    one.script("log/run", "cat >/dev/null\necho read >>../read\nwhile [ ! -e ../once ]; do sleep 0.01; done\n");
    one.launch_and_wait_until("run");
    one.wait_for_text("starts", "x\n");
    const pid_t log = one.log_pid();
    one.runsv->signal(SIGTERM);
    one.wait_for_text("read", "read\n");
    kill_runsv(one);
    one.launch_and_wait_until("run");
    one.wait_for_text("starts", "x\nx\n");
    one.file("once", "");
    REQUIRE(eventually([&] { return !is_alive(log); }));
    const bool is_read = eventually([&] {
        return one.log_pid() != log && stat_in(one.directory() + "/log") == "run" && is_alive(one.log_pid());
    });
    INFO("the log is " << stat_in(one.directory() + "/log"));
    CHECK(is_read);
}

TEST_CASE("a container that is killed and started again at once runs each service once, and shows it")
{
    if (run({"unshare", "-pf", "--mount-proc", "true"}).code != 0) {
        std::cerr << "skipped: no pid namespace is to be had here\n";
        return;
    }
    OneService one;
    one.script("run", counted(stay));
    one.script("log/run", "echo x >>../log-starts\n" + stay);
    std::string expected;
    for (int round = 0; round < 20; ++round) {
        StartSpec spec;
        spec.argv = {"unshare", "-pf", "--mount-proc", "--kill-child", program("runsv"), "service"};
        spec.directory = one.tree.path();
        one.runsv = std::make_unique<Process>(spec);
        expected += "x\n";
        INFO("container " << round);
        REQUIRE(eventually([&] { return one.read("starts") == expected && one.read("log-starts") == expected; }));
        REQUIRE(eventually([&] { return is_supervised(one.directory()); }));
        one.wait_until("run");
        const auto first = children_of(one.runsv->pid());
        REQUIRE(first.size() == 1);
        CHECK(children_of(first[0]).size() == 2);
        ::kill(first[0], SIGKILL);
        one.runsv->wait();
    }
}

TEST_CASE(
    "a service that was taken down stays down after its runsv was killed, and one that was told to go up is up")
{
    OneService one;
    one.script("run", counted(stay));
    one.launch_and_wait_until("run");
    one.wait_for_text("starts", "x\n");
    one.control("d");
    one.wait_until("down");
    kill_runsv(one);
    one.launch_and_wait_until("down");
    CHECK(always([&] { return one.read("starts") == "x\n"; }, 300ms));
    one.control("u");
    one.wait_until("run");
    one.file("down", "");
    const pid_t service = one.pid();
    kill_runsv(one);
    ::kill(service, SIGKILL);
    one.launch();
    one.wait_for_text("starts", "x\nx\nx\n");
}
