// Services in directories where nothing can be written: their state is where SVSTATE says.
#include <sys/stat.h>
#include <unistd.h>

#include "container/first_process.hpp"

using namespace container;

namespace {

// The services directory is read-only, and SVSTATE names a directory that is three levels below the tree. `more` is done before.
std::vector<std::string> read_only(const std::string& more = ":")
{
    return {"unshare",
            "-pfm",
            "--mount-proc",
            "sh",
            "-c",
            "mount --bind service service && mount -o remount,ro,bind service && export SVSTATE=$PWD/a/b/sv && " +
                more + " && exec \"$@\"",
            "sh"};
}

struct Stateful : FirstProcess {
    std::string state(const std::string& file) const { return tree.path("a/b/sv/" + file); }
    Finished ask(std::vector<std::string> words, const std::string& where = "a/b/sv") const
    {
        StartSpec how = spec({});
        how.argv = std::move(words);
        how.argv.insert(how.argv.begin(), {program("sv"), "-w", "7"});
        how.environment["SVDIR"] = directory();
        how.environment["SVSTATE"] = tree.path(where);
        return run(how);
    }
};

int mode_of(const std::string& path)
{
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 ? int(about.st_mode & 07777) : -1;
}

}  // namespace

TEST_CASE(
    "where supervise cannot be made a service and its log have their state in SVSTATE, and sv finds it there")
{
    if (!can_have_namespaces()) return;
    Stateful one;
    one.add("web", writes_when_told("web"));
    one.tree.script("service/web/log/run", "exec cat >/dev/null\n");
    one.add("worker");
    one.launch({}, {}, read_only());
    one.wait_until_started("web");
    for (const std::string name : {"web", "web.log", "worker"}) {
        CHECK(eventually([&] { return mode_of(one.state(name)) == 0700; }));
        CHECK(eventually([&] { return contains(one.tree.read("a/b/sv/" + name + "/stat"), "run"); }));
    }
    CHECK(mode_of(one.tree.path("a")) == 0700);
    const auto status = one.ask({"status", "web", one.of("web/"), "web/log"});
    CHECK(status.code == 0);
    CHECK(count_of(status.out, "run: log: (pid ") == 2);
    CHECK(contains(status.out, "run: web/log: (pid "));
    CHECK(contains(one.ask({"restart", "web"}).out, "ok: run: web: (pid "));
    CHECK(contains(one.ask({"down", "worker"}).out, "ok: down: worker: "));
    CHECK(one.stop().code == 0);
    CHECK(one.tree.read("told") == "web\nweb\n");
    CHECK(one.err().empty());
    CHECK(contains(one.ask({"status", "web"}).out, "fail: web: runsv not running"));
}

TEST_CASE("an essential service with its state in SVSTATE ends the container, and one that ignores TERM is killed")
{
    if (!can_have_namespaces()) return;
    Stateful one;
    one.add("job", "while [ ! -e ../../started ]; do sleep 0.01; done\nexit 7\n");
    one.tree.file("service/job/essential", "");
    one.add("stubborn", "trap '' TERM\necho stubborn >>../../started\nwhile :; do sleep 0.01; done\n");
    one.launch({"-g", "2"}, {}, read_only());
    CHECK(one.outside->wait().code == 7);
    CHECK(contains(one.err(), ": warning: stubborn did not stop within 2 s: killed\n"));
}

TEST_CASE("a runsv that was killed is followed by one that finds the state in SVSTATE")
{
    if (!can_have_namespaces()) return;
    Stateful one;
    one.add("web", writes_when_told("web"));
    one.launch({}, {}, read_only());
    one.wait_until_started("web");
    const pid_t runsv = runsv_pid(one.first(), "web");
    REQUIRE(runsv != 0);
    ::kill(runsv, SIGKILL);
    CHECK(eventually([&] {
        const pid_t next = runsv_pid(one.first(), "web");
        return next != 0 && next != runsv && contains(one.ask({"check", "web"}).out, "ok: run: web: (pid ");
    }));
    CHECK(one.stop().code == 0);
    CHECK(one.tree.read("started") == "web\n");  // not a second time
}

TEST_CASE("a directory in SVSTATE that is another user's, or a link, is refused")
{
    if (!can_have_namespaces()) return;
    for (const std::string made :
         {"mkdir -p a/b/sv/web && chown 65534 a/b/sv/web", "mkdir -p a/b/sv x && ln -s ../../../x a/b/sv/web"}) {
        Stateful one;
        one.add("web");
        one.launch({}, {}, read_only(made));
        CHECK(one.outside->wait().code == 111);
        CHECK(contains(one.err(), "runsv web: fatal: unable to "));
        CHECK(contains(one.err(), one.state("web")));
        CHECK_FALSE(one.tree.has("a/b/sv/web/lock"));
    }
}

TEST_CASE(
    "where supervise can be made SVSTATE is not touched, and a path that is not from the root counts for nothing")
{
    if (!can_have_namespaces()) return;
    Stateful one;
    one.add("web", writes_when_told("web"));
    one.launch({}, {}, {"unshare", "-pf", "--mount-proc", "sh", "-c", "SVSTATE=$PWD/a/b/sv exec \"$@\"", "sh"});
    one.wait_until_up("web");
    CHECK(contains(one.ask({"check", "web"}).out, "ok: run: web: (pid "));
    CHECK(one.stop().code == 0);
    CHECK_FALSE(one.tree.has("a"));
    Stateful other;
    other.add("web");
    other.launch({}, {}, read_only("export SVSTATE=a/b"));
    CHECK(other.outside->wait().code == 111);
    CHECK_FALSE(other.tree.has("a"));
}
