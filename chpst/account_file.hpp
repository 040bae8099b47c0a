// The file of accounts, for those that the name services would find in it too: to ask them costs half of a start.
//
// Only what is beyond doubt is found here. Whatever is unusual, and every account that is not there, is left to the C
// library, whose answer counts.
#pragma once

#include <sys/types.h>

#include <optional>
#include <span>
#include <string_view>

namespace runsuite::chpst {

// Whether nsswitch.conf(5) has the files first for accounts, and goes by what they say.
bool has_files_first(std::string_view nsswitch);

struct AccountLine {
    uid_t uid = 0;
    gid_t gid = 0;
    const char* name = nullptr;
    const char* home = nullptr;
    const char* shell = nullptr;
};

// The line of `name` in passwd(5). It is cut into words in place, which the result points to.
std::optional<AccountLine> find_account_line(std::span<char> passwd, std::string_view name);

}  // namespace runsuite::chpst
