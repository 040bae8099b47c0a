// The ids that -u and -U stand for: by way of the C library, so that name services work, and without any look-up when
// they were given as numbers.
#pragma once

#include <sys/types.h>

#include <span>

#include "chpst/failure.hpp"
#include "chpst/user_spec.hpp"

namespace runsuite::chpst {

// The groups of one account. Few ones have their room in here; all that an account has in the group file may be as many
// as the kernel takes.
struct GroupList {
    static constexpr std::size_t most = 65536;

    std::size_t count = 0;
    gid_t few[most_groups + 1]{};
    gid_t* many = nullptr;

    std::span<const gid_t> ids() const { return {many != nullptr ? many : few, count}; }
    bool make_room();    // for many; false when there is no memory
    void add(gid_t id);  // unless it is there; what does not fit is left out
};

// Its names stay valid until the next look-up.
struct Account {
    bool is_known = false;
    uid_t uid = 0;
    GroupList groups;            // the first one is the gid
    const char* name = nullptr;  // of the password file; nullptr where it was not asked
    const char* home = nullptr;
    const char* shell = nullptr;

    gid_t gid() const { return groups.ids().front(); }
};

struct LookUp {
    const UserSpec& spec;
    const char* option;     // "-u"
    bool wants_entry;       // the password file's, even for numbers
    bool wants_all_groups;  // those that the account has in the group file, behind the given ones
};

Failure look_up(const LookUp& what, Account& account);

}  // namespace runsuite::chpst
