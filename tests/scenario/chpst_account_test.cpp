// Where accounts come from.
#include "scenario/chpst_inside.hpp"
#include "scenario/chpst_root.hpp"
#include "support/catch.hpp"
#include "support/strace.hpp"
#include "support/tree.hpp"

using namespace chpst_test;
using support::Tree;

TEST_CASE("numbers are used without looking anything up")
{
    if (!has_root() || !support::has_strace()) return;
    const auto trace = support::run({"strace", "-f", "-e", "trace=openat,open,connect", support::program("chpst"),
                                     "-u", ":5:6", "-U", ":7:8", "true"});
    REQUIRE(trace.code == 0);
    CHECK(trace.err.find("passwd") == std::string::npos);
    CHECK(trace.err.find("nsswitch") == std::string::npos);
    CHECK(trace.err.find("/etc/group") == std::string::npos);
}

TEST_CASE("an account in the file is taken from there, the name services are asked for others only")
{
    if (!has_root() || !support::has_strace()) return;
    Tree tree;
    make_root(tree, "root");
    tree.file("root/etc/nsswitch.conf", "passwd: files systemd\ngroup: files\n");
    tree.file("root/etc/passwd", "me:x:4321:100::/home/me:/bin/sh\n");
    const auto trace_of = [&](const std::string& name) {
        return support::run({"strace", "-e", "trace=open,openat,connect", support::program("chpst"), "-u", name,
                             "-/", tree.path("root"), "/bin/sh", "-c", ":"})
            .err;
    };
    const auto known = trace_of("me");
    CHECK(known.find("\"/etc/passwd\"") != std::string::npos);
    CHECK(known.find("nscd") == std::string::npos);
    CHECK(known.find("libnss") == std::string::npos);
    const auto unknown = trace_of("you");
    CHECK(unknown.find("unknown user/group") != std::string::npos);
    CHECK(unknown.find("nscd") != std::string::npos);  // both C libraries ask it first or last
}

TEST_CASE("whatever nsswitch.conf says, the account is the same one")
{
    if (!has_root()) return;
    Tree tree;
    make_root(tree, "root");
    tree.file("root/etc/passwd", "other:x:1:1::/:/bin/sh\nme:x:4321:100::/home/me:\n");
    for (const std::string nsswitch :
         {"", "passwd: files\n", "passwd: files [SUCCESS=return]\n", "passwd: compat files\n", "group: files\n"}) {
        INFO(nsswitch);
        tree.file("root/etc/nsswitch.conf", nsswitch);
        const auto seen =
            inside({"-v", "-u", "me", "--login-environment", "-/", tree.path("root")}, "echo $HOME $SHELL $USER");
        CHECK(seen.out == "/home/me /bin/sh me\n");
        CHECK(seen.err.find("become me: groups 100, gid 100, uid 4321\n") != std::string::npos);
    }
}
