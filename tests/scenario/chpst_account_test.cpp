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

TEST_CASE("an account that is commented out, or is a line for another name service, is none")
{
    if (!has_root()) return;
    Tree tree;
    make_root(tree, "root");
    tree.file("root/etc/passwd",
              "#bob:x:0:0::/:/bin/sh\n+::::::\n+sue:x:0:0:::\n-tim:x:0:0:::\n:x:0:0:::\nme:x:1:1:::\n");
    tree.file("root/etc/group", "#all:x:0:\n+::::\n:x:0:\n");
    for (const std::string name : {"#bob", "+", "+sue", "-tim", "", "me:#all", "me:+", "me:"}) {
        INFO(name);
        const auto seen = inside({"-/", tree.path("root"), "-u", name}, "echo was run");
        CHECK(seen.code == 111);
        CHECK(seen.out.empty());
        CHECK(starts_with(seen.err, "chpst: fatal: unknown user/group"));
    }
    support::StartSpec spec;
    spec.argv = {support::program("setuidgid"), "#bob", "true"};
    CHECK(support::run(std::move(spec)).code == 111);
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
