#include "chpst/account_file.hpp"

#include <string>

#include "support/catch.hpp"

using namespace runsuite::chpst;

namespace {

const std::string usual =
    "root:x:0:0:root:/root:/bin/bash\n"
    "nobody2:x:5:6::/:/bin/false\n"
    "nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin\n"
    "nobody:x:1:1:a second one:/:/bin/sh\n";

bool is_found(std::string file, const std::string& name)
{
    return find_account_line(file, name).has_value();
}

}  // namespace

TEST_CASE("the first line of exactly that name is the account")
{
    std::string file = usual;
    const auto found = find_account_line(file, "nobody");
    REQUIRE(found);
    CHECK(found->uid == 65534);
    CHECK(found->gid == 65533);
    CHECK(std::string(found->name) == "nobody");
    CHECK(std::string(found->home) == "/nonexistent");
    CHECK(std::string(found->shell) == "/usr/sbin/nologin");
    CHECK(is_found(usual, "root"));
    CHECK_FALSE(is_found(usual, "nobod"));
    CHECK_FALSE(is_found(usual, "ROOT"));
    CHECK_FALSE(is_found(usual, ""));
    CHECK_FALSE(is_found("", "root"));
}

TEST_CASE("an empty home and shell are empty texts")
{
    std::string file = "me:x:1:2:::\nnext:x:3:4:::\n";
    const auto found = find_account_line(file, "me");
    REQUIRE(found);
    CHECK(std::string(found->home).empty());
    CHECK(std::string(found->shell).empty());
}

TEST_CASE("a line with anything unusual is left to the C library")
{
    for (const std::string line :
         {"me:x:1:2::/\n", "me:x:1:2::/:/bin/sh:more\n", "me:x::2::/:/bin/sh\n", "me:x:1:::/:/bin/sh\n",
          "me:x:+1:2::/:/bin/sh\n", "me:x:4294967295:2::/:/bin/sh\n", "me:x:1:99999999999::/:/bin/sh\n",
          " me:x:1:2::/:/bin/sh\n", "\tme:x:1:2::/:/bin/sh\n", "me:\n"}) {
        INFO(line);
        CHECK_FALSE(is_found(line, "me"));
        CHECK_FALSE(is_found(line + "\nme:x:1:2::/:/bin/sh\n", "me"));
    }
    CHECK_FALSE(is_found(std::string("me:x:1:2::/\0:/bin/sh\n", 21), "me"));
    CHECK_FALSE(is_found("me:x:1:2::/:/bin/sh", "me"));
    CHECK(is_found("me\nme:x:1:2::/:/bin/sh\n", "me"));  // that first line is of nobody
    CHECK_FALSE(is_found("+me:x:1:2::/:/bin/sh\n", "+me"));
    CHECK_FALSE(is_found("-me:x:1:2::/:/bin/sh\n", "-me"));
    CHECK_FALSE(is_found("me:x:1:2::/:/bin/sh\n", "me:x"));
}

TEST_CASE("files come first only where their answer is taken as it is")
{
    CHECK(has_files_first("passwd: files\n"));
    CHECK(has_files_first("# accounts\n\n  passwd :\tfiles systemd # sss\nhosts: dns\n"));
    CHECK(has_files_first("passwd:files"));
    CHECK(has_files_first("passwd: files sss [NOTFOUND=return] x\n"));
    CHECK_FALSE(has_files_first(""));
    CHECK_FALSE(has_files_first("passwd:\n"));
    CHECK_FALSE(has_files_first("group: files\n"));
    CHECK_FALSE(has_files_first("passwd: sss files\n"));
    CHECK_FALSE(has_files_first("passwd: compat\n"));
    CHECK_FALSE(has_files_first("passwd: filesystem\n"));
    CHECK_FALSE(has_files_first("passwd: files [SUCCESS=continue] sss\n"));
    CHECK_FALSE(has_files_first("passwd: files[SUCCESS=continue] sss\n"));
    CHECK_FALSE(has_files_first("#passwd: files\n"));
    CHECK_FALSE(has_files_first("passwd_compat: files\n"));
    CHECK_FALSE(has_files_first("passwd: files\npasswd: sss\n"));
    CHECK_FALSE(has_files_first("passwd: files\npasswd: files\n"));
}
