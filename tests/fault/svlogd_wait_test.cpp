// What svlogd does not wait for: the disk, the account files, thousands of files that are to go, memory for the wait itself.
#include <pwd.h>

#include <chrono>

#include "fault/svlogd_disk.hpp"
#include "support/fixed_path.hpp"
#include "support/strace.hpp"

using namespace support;

namespace {

// strace on a running one and its children; what was called is in `log` of the tree.
class Tracer {
public:
    Tracer(const LogTree& tree, const Running& svlogd, const std::string& calls, const std::string& inject = "")
        : strace_(spec(tree, svlogd, calls, inject))
    {
        REQUIRE(eventually([&] { return proc_field(svlogd.process->pid(), "TracerPid") != "0"; }));
    }
    Tracer(const Tracer&) = delete;
    Tracer& operator=(const Tracer&) = delete;
    ~Tracer()
    {
        strace_.signal(SIGTERM);
        strace_.wait();
    }

private:
    static StartSpec spec(const LogTree& tree, const Running& svlogd, const std::string& calls,
                          const std::string& inject)
    {
        StartSpec spec;
        spec.argv = {"strace", "-f", "-qq", "-o", tree.path("calls"), "-e", "signal=none", "-e", "trace=" + calls};
        if (!inject.empty()) spec.argv.insert(spec.argv.end(), {"-e", "inject=" + inject});
        spec.argv.insert(spec.argv.end(), {"-p", std::to_string(svlogd.process->pid())});
        return spec;
    }

    Process strace_;
};

bool comes_within(const LogTree& tree, const std::string& line, std::chrono::milliseconds time)
{
    return eventually([&] { return tree.current().find(line) != std::string::npos; }, time);
}

// In a mount namespace where /etc has nothing but the accounts, and those are a fifo: who asks, waits.
StartSpec with_slow_accounts(const LogTree& tree)
{
    ::mkfifo(tree.path("passwd").c_str(), 0600);
    return with_link(tree.spec({}, "fifo"), "/etc", "passwd", tree.path("passwd"));
}

// Who asks for an account gets its answer so much later.
StartSpec with_late_accounts(const LogTree& tree, std::chrono::seconds delay)
{
    auto spec = tree.spec({}, "fifo");
    const auto inject = "inject=open,openat:delay_enter=" + std::to_string(delay.count() * 1000000);
    spec.argv.insert(spec.argv.begin(), {"strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "signal=none", "-P",
                                         "/etc/passwd", "-e", "trace=open,openat", "-e", inject});
    return spec;
}

uid_t owner_of(const LogTree& tree, const std::string& name)
{
    struct stat about {};
    REQUIRE(::stat(tree.path(name).c_str(), &about) == 0);
    return about.st_uid;
}

}  // namespace

TEST_CASE("HUP does not wait for the disk to have what current holds")
{
    if (!has_strace()) return;
    LogTree tree{"s0\n"};
    Running svlogd{tree};
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
    const Tracer tracer{tree, svlogd, "fsync,fdatasync", "fsync,fdatasync:delay_enter=5000000"};
    tree.file("log/config", "pP: \n");
    svlogd.process->signal(SIGHUP);
    svlogd.write("two\n");
    CHECK(comes_within(tree, "P: two\n", std::chrono::seconds(3)));
    CHECK(eventually([&] { return tree.read("calls").find("sync(") != std::string::npos; }));
}

TEST_CASE("an error of the disk that HUP does not wait for is told")
{
    if (!has_strace()) return;
    LogTree tree{"s0\n"};
    Running svlogd{tree};
    const Tracer tracer{tree, svlogd, "fsync,fdatasync", "fsync,fdatasync:error=EIO:when=1"};
    svlogd.process->signal(SIGHUP);
    const std::string told =
        "svlogd: warning: unable to fsync current logfile: " + tree.path("log") + ": input/output error\n";
    CHECK(eventually([&] { return svlogd.process->err() == told; }));
}

TEST_CASE("neither start nor HUP waits for the account files: TERM is heard, and the lines are in the log")
{
    if (::geteuid() != 0 || !can_mount()) return;
    for (const bool by_hup : {false, true}) {
        INFO("HUP: " << by_hup);
        LogTree tree{by_hup ? "s0\n" : "obob\n"};
        Running svlogd{tree, with_slow_accounts(tree)};
        tree.file("log/config", "obob\n");
        svlogd.write("one\n");
        if (by_hup) {
            REQUIRE(comes_within(tree, "one\n", patience));
            svlogd.process->signal(SIGHUP);
        }
        REQUIRE(eventually([&] { return children_of(svlogd.process->pid()).size() == 1; }));
        svlogd.process->signal(SIGTERM);
        CHECK(svlogd.process->wait(std::chrono::seconds(4)).code == 0);
    }
}

TEST_CASE("an owner that is found late owns current, and holds on while it is looked up again")
{
    if (::geteuid() != 0 || !has_strace() || ::getpwnam("daemon") == nullptr) return;
    const uid_t daemon = ::getpwnam("daemon")->pw_uid;
    LogTree tree{"odaemon\n"};
    Running svlogd{tree, with_late_accounts(tree, std::chrono::seconds(2))};
    svlogd.write("one\n");
    REQUIRE(comes_within(tree, "one\n", patience));
    CHECK(owner_of(tree, "log/current") == daemon);
    svlogd.process->signal(SIGHUP);
    svlogd.write("two\n");
    CHECK(comes_within(tree, "two\n", std::chrono::milliseconds(1500)));
    svlogd.process->signal(SIGALRM);
    REQUIRE(eventually([&] { return tree.old_files().size() == 1 && tree.has("log/current"); }));
    CHECK(owner_of(tree, "log/current") == daemon);
    CHECK(svlogd.process->err() == "");
}

TEST_CASE(
    "an owner that nobody tells of is waited for five seconds, which is told, and the files are ours until then")
{
    if (::geteuid() != 0 || !has_strace() || ::getpwnam("daemon") == nullptr) return;
    const uid_t daemon = ::getpwnam("daemon")->pw_uid;
    LogTree tree{"odaemon\n"};
    Running svlogd{tree, with_late_accounts(tree, std::chrono::seconds(7))};
    svlogd.write("one\n");
    CHECK(comes_within(tree, "one\n", patience));
    CHECK(svlogd.process->err() == "svlogd: warning: unable to find owner of log files: daemon: timed out\n");
    CHECK(owner_of(tree, "log/current") == 0);
    CHECK(eventually([&] { return owner_of(tree, "log/current") == daemon; }));
}

TEST_CASE("what a processor wrote is on the disk before its input goes, and svlogd does not wait for that")
{
    if (!has_strace()) return;
    LogTree tree{"!cat; echo state >&5\n"};
    Running svlogd{tree};
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
    const Tracer tracer{tree, svlogd, "fsync,fdatasync,renameat,renameat2,unlinkat,rename,unlink",
                        "fsync,fdatasync:delay_enter=1000000"};
    svlogd.process->signal(SIGALRM);
    REQUIRE(eventually([&] { return tree.read("calls").find("sync(") != std::string::npos; }));
    svlogd.write("two\n");
    CHECK(comes_within(tree, "two\n", std::chrono::milliseconds(900)));
    REQUIRE(eventually([&] { return tree.has("log/state") && tree.read("log/state") == "state\n"; }));
    // Output and newstate, the new name of the output, and only then the rest.
    const auto calls = tree.read("calls");
    INFO(calls);
    const auto first = calls.find("sync(");
    const auto second = calls.find("sync(", first + 1);
    const auto named = calls.find(".t\", ");
    const auto third = calls.find("sync(", named == calls.npos ? 0 : named);
    const auto removed = calls.find(".u\", 0)", named == calls.npos ? 0 : named);
    CHECK(second < named);
    REQUIRE(named != calls.npos);
    CHECK(named < third);
    CHECK(third < removed);
    CHECK(removed != calls.npos);
    CHECK(tree.read("log/" + tree.old_files()[0]) == "one\n");
}

TEST_CASE("output of a processor that cannot be brought to the disk is none, and its input is processed again")
{
    if (!has_strace()) return;
    LogTree tree{"!cat\n"};
    Running svlogd{tree};
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
    {
        const Tracer tracer{tree, svlogd, "fsync,fdatasync", "fsync,fdatasync:error=EIO"};
        svlogd.process->signal(SIGALRM);
        REQUIRE(eventually(
            [&] { return svlogd.process->err().find("unable to sync processed: ") != std::string::npos; }));
    }
    CHECK(tree.old_files()[0].substr(25) == ".u");
    CHECK(eventually([&] { return tree.old_files().size() == 1 && tree.old_files()[0].substr(25) == ".s"; }));
    CHECK(tree.everything() == "one\n");
}

TEST_CASE("after n was lowered, thousands of files go while lines are taken, and TERM is heard at once")
{
    LogTree tree{"s4096\nn3\n"};
    const int many = 20000;
    for (int number = 0; number < many; ++number) {
        std::string digits = std::to_string(number);
        digits.insert(0, 8 - digits.size(), '0');
        const auto name = tree.path("log/@4000000060000000" + digits + ".s");
        const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0744);
        REQUIRE(fd >= 0);
        ::close(fd);
    }
    Running svlogd{tree, {"-l", "100", "-b", "200"}};
    const auto left = [&] { return tree.old_files().size(); };
    svlogd.write(lines(1, 1000));
    REQUIRE(eventually([&] { return left() < many; }));
    svlogd.write("while they go\n");
    CHECK(comes_within(tree, "while they go\n", std::chrono::seconds(3)));
    SECTION("all but the youngest go, in the end")
    {
        CHECK(eventually([&] { return left() == 3; }));
        CHECK(svlogd.finish().code == 0);
        CHECK(tree.everything() == lines(1, 1000) + "while they go\n");
    }
    SECTION("the end does not wait for it")
    {
        svlogd.process->signal(SIGTERM);
        CHECK(svlogd.process->wait(std::chrono::seconds(3)).code == 0);
    }
}

TEST_CASE(
    "of files that a processor is yet to see none goes when n is lowered, of the others all that are too many do")
{
    LogTree tree{"s2100\nn50\n!exit 1\n"};
    for (int number = 10; number < 90; ++number) {
        tree.file("log/@4000000060000000000000" + std::to_string(number) + (number % 2 == 0 ? ".s" : ".u"),
                  "old\n");
    }
    tree.log(lines(1, 400), {"-l", "100", "-b", "200"});
    const auto names = tree.old_files();
    const auto waiting =
        std::count_if(names.begin(), names.end(), [](const auto& name) { return name.ends_with(".u"); });
    CHECK(waiting >= 40 + 1);
    CHECK(names.size() <= 50 + 1);  // one has come since
}

TEST_CASE("directories that are called like old files are no old files, and are not in the way of those that are")
{
    LogTree tree{"s2100\nn30\n!cat\n"};
    tree.directory("log/@400000006000000000000010.s");
    tree.directory("log/@400000006000000000000011.u");
    tree.directory("log/@400000006000000000000012.t");
    const auto finished = tree.log(lines(1, 2000), {"-l", "100", "-b", "200"});
    CHECK(finished.code == 0);
    CHECK(finished.err == "");
    CHECK(tree.old_files().size() > 3 + 3);
    for (const auto& name : tree.old_files()) CHECK((name.ends_with(".s") || tree.read("log/" + name).empty()));
}

TEST_CASE("while the wait for events fails it says so once, pauses, and hears TERM")
{
    if (!has_strace()) return;
    LogTree tree{"s0\n"};
    Running svlogd{tree};
    const std::string told = "svlogd: warning: unable to wait for events: out of memory\n";
    {
        const Tracer tracer{tree, svlogd, "ppoll,ppoll_time64", "ppoll,ppoll_time64:error=ENOMEM"};
        svlogd.process->signal(SIGALRM);
        REQUIRE(eventually([&] { return svlogd.process->err() == told; }));
        CHECK(always([&] { return svlogd.process->err() == told; }, std::chrono::milliseconds(500)));
        CHECK(count(tree.read("calls"), "ppoll") < 30);
        svlogd.process->signal(SIGTERM);
        CHECK(svlogd.process->wait(std::chrono::seconds(5)).code == 0);
    }
}
