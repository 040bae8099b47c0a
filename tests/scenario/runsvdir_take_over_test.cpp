// An earlier runsvdir was killed, and its runsvs live on: see the table in runsvdir/adopted.hpp.
#include <sys/resource.h>

#include <csignal>

#include "support/catch.hpp"
#include "support/services.hpp"

using namespace support;
using namespace std::chrono_literals;

namespace {

constexpr auto slowly = 20s;

// `count` services whose runsvdir was killed.
struct LeftBehind : Services {
    std::vector<std::string> names;
    std::map<std::string, pid_t> runsvs;

    explicit LeftBehind(int count, std::vector<std::string> options = {}) : options_(std::move(options))
    {
        for (int number = 0; number < count; ++number) {
            names.push_back("s" + std::to_string(1000 + number));
            add(names.back());
        }
        Process first(options_spec());
        for (const auto& name : names) {
            REQUIRE(eventually([&] { return pid_in(of(name)) != 0 && is_supervised(of(name)); }, 60s));
            REQUIRE(eventually([&] { return (runsvs[name] = runsv_pid_of(first, name)) != 0; }));
        }
        first.signal(SIGKILL);
        first.wait();
    }

    StartSpec options_spec() const
    {
        auto arguments = options_;
        arguments.push_back(directory());
        return spec(arguments);
    }

    static pid_t runsv_pid_of(const Process& runsvdir, const std::string& name)
    {
        for (const pid_t child : children_of(runsvdir.pid())) {
            if (arguments_of(child) == std::vector<std::string>{"runsv", name}) return child;
        }
        return 0;
    }

    std::size_t alive() const
    {
        return static_cast<std::size_t>(
            std::count_if(runsvs.begin(), runsvs.end(), [](const auto& one) { return is_alive(one.second); }));
    }

private:
    std::vector<std::string> options_;
};

// Until it has looked at everything: one more service, which is the last one to be listed or comes later, runs.
void wait_until_looked(const LeftBehind& left)
{
    left.move_in("sign");
    REQUIRE(eventually([&] { return pid_in(left.of("sign")) != 0; }, slowly));
}

long wakeups_of(pid_t pid)
{
    return std::stol("0" + proc_field(pid, "voluntary_ctxt_switches"));
}

}  // namespace

TEST_CASE("the runsvs of a killed runsvdir are taken over: no line, no process, no wake-up")
{
    LeftBehind left(200);
    Process next(left.spec());
    wait_until_looked(left);
    CHECK(children_of(next.pid()).size() == 1);
    CHECK(left.alive() == 200);
    REQUIRE(eventually([&] { return proc_field(next.pid(), "State").starts_with("S"); }));
    const long before = wakeups_of(next.pid());
    CHECK(always([&] { return children_of(next.pid()).size() == 1 && next.err().empty(); }, 2500ms));
    CHECK(wakeups_of(next.pid()) == before);
}

TEST_CASE("HUP ends every runsv that was taken over")
{
    LeftBehind left(200);
    Process next(left.spec());
    wait_until_looked(left);
    next.signal(SIGHUP);
    CHECK(next.wait().code == 111);
    CHECK(eventually([&] { return left.alive() == 0; }));
    CHECK(next.err().empty());
}

TEST_CASE("HUP that comes before all are looked for ends them all the same")
{
    LeftBehind left(200);
    StartSpec spec = left.spec();
    spec.argv.insert(spec.argv.begin(), {"sh", "-c", "kill -STOP $$; exec \"$@\"", "sh"});
    Process next(spec);
    REQUIRE(eventually([&] { return proc_field(next.pid(), "State").starts_with("T"); }));
    ::kill(next.pid(), SIGCONT);
    REQUIRE(eventually([&] {
        const auto words = arguments_of(next.pid());  // none in the moment of the change
        return !words.empty() && words[0].ends_with("runsvdir");
    }));
    REQUIRE(eventually([&] {  // it catches HUP
        const auto caught = std::stoull("0" + proc_field(next.pid(), "SigCgt"), nullptr, 16);
        return (caught & (1U << (SIGHUP - 1))) != 0;
    }));
    next.signal(SIGHUP);
    CHECK(next.wait().code == 111);
    CHECK(eventually([&] { return left.alive() == 0; }));
}

TEST_CASE("a runsv that was taken over ends when its directory goes, and keeps on when that is renamed")
{
    LeftBehind left(20);
    Process next(left.spec());
    wait_until_looked(left);
    left.move_out(left.names[3]);
    left.rename(left.names[4], ".gone");
    left.rename(left.names[5], "other");
    CHECK(eventually([&] { return !is_alive(left.runsvs[left.names[3]]); }));
    CHECK(eventually([&] { return !is_alive(left.runsvs[left.names[4]]); }));
    CHECK(always([&] { return left.alive() == 18; }, 500ms));
    CHECK(next.err().empty());
    ::kill(left.runsvs[left.names[5]], SIGKILL);
    CHECK(eventually([&] { return runsv_pid(next.pid(), "other") != 0; }));
}

TEST_CASE("a directory that was renamed while there was no runsvdir keeps its runsv")
{
    LeftBehind left(3);
    left.rename(left.names[1], "other");
    Process next(left.spec());
    wait_until_looked(left);
    CHECK(always([&] { return left.alive() == 3 && children_of(next.pid()).size() == 1; }, 500ms));
    left.move_out("other");
    CHECK(eventually([&] { return !is_alive(left.runsvs[left.names[1]]); }));
}

TEST_CASE("a directory that was replaced while there was no runsvdir gets a runsv of its own")
{
    LeftBehind left(2);
    left.move_out(left.names[0]);
    left.add(left.names[0]);
    Process next(left.spec());
    CHECK(eventually([&] { return runsv_pid(next.pid(), left.names[0]) != 0; }));
    CHECK(eventually([&] { return pid_in(left.of(left.names[0])) != 0; }));
    CHECK(next.err().empty());
}

TEST_CASE("a directory that is replaced waits for the runsv that was taken over")
{
    LeftBehind left(2);
    Process next(left.spec());
    wait_until_looked(left);
    ::kill(left.runsvs[left.names[0]], SIGSTOP);
    left.move_out(left.names[0]);
    left.move_in(left.names[0]);
    CHECK(always([&] { return runsv_pid(next.pid(), left.names[0]) == 0; }, 500ms));
    ::kill(left.runsvs[left.names[0]], SIGCONT);
    CHECK(eventually([&] { return runsv_pid(next.pid(), left.names[0]) != 0; }));
}

TEST_CASE("a runsv that was taken over and is killed is followed by the next one at once, which keeps the service")
{
    LeftBehind left(20);
    Process next(left.spec());
    wait_until_looked(left);
    const auto& name = left.names[7];
    const pid_t service = pid_in(left.of(name));
    const auto begin = std::chrono::steady_clock::now();
    ::kill(left.runsvs[name], SIGKILL);
    CHECK(eventually([&] { return runsv_pid(next.pid(), name) != 0; }));
    CHECK(std::chrono::steady_clock::now() - begin < 900ms);
    CHECK(eventually([&] { return is_supervised(left.of(name)); }));
    CHECK(pid_in(left.of(name)) == service);
    CHECK(is_alive(service));
}

TEST_CASE("a runsv that was killed with its runsvdir is followed by another one, which keeps the service")
{
    LeftBehind left(3);
    const auto& name = left.names[1];
    const pid_t service = pid_in(left.of(name));
    ::kill(left.runsvs[name], SIGKILL);
    REQUIRE(eventually([&] { return !is_alive(left.runsvs[name]); }));
    Process next(left.spec());
    CHECK(eventually([&] { return runsv_pid(next.pid(), name) != 0 && is_supervised(left.of(name)); }));
    CHECK(pid_in(left.of(name)) == service);
    CHECK(next.err().empty());
}

TEST_CASE("a runsv that was taken over and told to exit is started again two seconds later")
{
    LeftBehind left(2);
    Process next(left.spec());
    wait_until_looked(left);
    left.tree.append("service/" + left.names[0] + "/supervise/control", "x");
    REQUIRE(eventually([&] { return !is_alive(left.runsvs[left.names[0]]); }));
    CHECK(always([&] { return runsv_pid(next.pid(), left.names[0]) == 0; }, 1500ms));
    CHECK(eventually([&] { return runsv_pid(next.pid(), left.names[0]) != 0; }));
}

TEST_CASE("a container that ends takes those with it that were taken over, with -i and in order")
{
    for (const std::vector<std::string>& options : {std::vector<std::string>{"-i"}, {"-io"}}) {
        LeftBehind left(30, options);
        Process next(left.options_spec());
        wait_until_looked(left);
        next.signal(SIGTERM);
        CHECK(next.wait().code == 0);
        CHECK(left.alive() == 0);
        CHECK(next.err().empty());
    }
}

TEST_CASE("with too few descriptors they are taken over all the same, and their ends are seen within five seconds")
{
    for (const rlim_t hard : {rlim_t{60}, rlim_t{1024}}) {
        LeftBehind left(100);
        StartSpec spec = left.spec();
        spec.argv.insert(spec.argv.begin(), {"prlimit", "--nofile=60:" + std::to_string(hard)});
        Process next(spec);
        wait_until_looked(left);
        CHECK(always([&] { return children_of(next.pid()).size() == 1 && next.err().empty(); }, 1500ms));
        CHECK((descriptors_of(next.pid()).size() > 100) == (hard == 1024));
        rlimit limit{};
        REQUIRE(::prlimit(runsv_pid(next.pid(), "sign"), RLIMIT_NOFILE, nullptr, &limit) == 0);
        CHECK(limit.rlim_cur == 60);
        for (const std::size_t number : {0U, 50U, 99U}) {
            const auto& name = left.names[number];
            ::kill(left.runsvs[name], SIGKILL);
            CHECK(eventually([&] { return runsv_pid(next.pid(), name) != 0; }, slowly));
        }
        REQUIRE(::prlimit(runsv_pid(next.pid(), left.names[99]), RLIMIT_NOFILE, nullptr, &limit) == 0);
        CHECK(limit.rlim_cur == 60);
        left.move_out(left.names[98]);
        CHECK(eventually([&] { return !is_alive(left.runsvs[left.names[98]]); }));
        next.signal(SIGHUP);
        CHECK(next.wait().code == 111);
        CHECK(eventually([&] { return left.alive() == 0; }));
        CHECK(next.err().empty());
    }
}

TEST_CASE("a thousand runsvs are taken over")
{
    LeftBehind left(1000);
    Process next(left.spec());
    wait_until_looked(left);
    CHECK(children_of(next.pid()).size() == 1);
    CHECK(next.err().empty());
    next.signal(SIGHUP);
    CHECK(next.wait().code == 111);
    CHECK(eventually([&] { return left.alive() == 0; }));
}
