#include "chpst/account.hpp"

#include <grp.h>
#include <pwd.h>

#include <algorithm>
#include <cstdlib>

#include "base/fixed_string.hpp"

namespace runsuite::chpst {

namespace {

// Longer ones are in no file.
using Name = FixedString<512>;

// "There is none" leaves all kinds of codes behind, see getpwnam(3); these are other reasons.
int real_reason()
{
    constexpr int reasons[] = {EIO, EMFILE, ENFILE, ENOMEM, ERANGE, EACCES};
    return std::find(std::begin(reasons), std::end(reasons), errno) != std::end(reasons) ? errno : 0;
}

Failure unknown(const LookUp& what)
{
    const bool account = what.spec.kind == UserSpec::Kind::Account;
    return failure(account ? "unknown account" : "unknown user/group", what.option, real_reason(), what.spec.text);
}

const passwd* find_entry(const LookUp& what)
{
    errno = 0;
    if (what.spec.kind == UserSpec::Kind::Numbers) return ::getpwuid(what.spec.uid);
    const Name name{what.spec.user};
    return name.was_cut() || !is_account_name(name.view()) ? nullptr : ::getpwnam(name.c_str());
}

bool find_group(std::string_view word, GroupList& groups)
{
    errno = 0;
    const Name name{word};
    const bool is_name = !name.was_cut() && is_account_name(word);
    const group* const found = !is_name ? nullptr : ::getgrnam(name.c_str());
    if (found == nullptr) return false;
    groups.add(found->gr_gid);
    return true;
}

bool find_groups(const UserSpec& spec, GroupList& groups)
{
    for (Parts words = spec.groups(); words.has_next();) {
        const auto word = words.next();
        if (spec.kind == UserSpec::Kind::Numbers)
            groups.add(parse_id(word).value_or(0));  // it is one: parsed before
        else if (!find_group(word, groups)) return false;
    }
    return true;
}

// 0 or an errno value.
int add_all_groups(const passwd& entry, GroupList& groups)
{
    if (!groups.make_room()) return ENOMEM;
    auto* const all = static_cast<gid_t*>(std::malloc(GroupList::most * sizeof(gid_t)));
    if (all == nullptr) return ENOMEM;
    int count = static_cast<int>(GroupList::most);
    const bool fits = ::getgrouplist(entry.pw_name, groups.ids().front(), all, &count) >= 0;
    for (int at = 0; fits && at < count; ++at) groups.add(all[at]);
    std::free(all);
    return fits ? 0 : EINVAL;
}

}  // namespace

bool GroupList::make_room()
{
    if (many != nullptr) return true;
    auto* const room = static_cast<gid_t*>(std::malloc(most * sizeof(gid_t)));
    if (room != nullptr) std::copy_n(few, count, room);
    many = room;
    return room != nullptr;
}

void GroupList::add(gid_t id)
{
    const std::size_t room = many != nullptr ? most : std::size(few);
    gid_t* const list = many != nullptr ? many : few;
    if (count < room && std::find(list, list + count, id) == list + count) list[count++] = id;
}

Failure look_up(const LookUp& what, Account& account)
{
    GroupList& groups = account.groups;
    groups.count = 0;
    account.uid = what.spec.uid;
    const passwd* entry = nullptr;
    if (what.spec.kind != UserSpec::Kind::Numbers || what.wants_entry || what.wants_all_groups) {
        entry = find_entry(what);
        if (entry == nullptr) return unknown(what);
        account.uid = entry->pw_uid;
        account.name = entry->pw_name;
        account.home = entry->pw_dir;
        account.shell = entry->pw_shell;
    }
    if (!find_groups(what.spec, groups)) return unknown(what);
    if (groups.count == 0 && entry != nullptr) groups.add(entry->pw_gid);  // numbers have a gid
    if (what.wants_all_groups) {
        const int code = add_all_groups(*entry, groups);
        if (code != 0) return failure("unable to get the groups of", what.option, code, what.spec.text);
    }
    account.is_known = true;
    return {};
}

}  // namespace runsuite::chpst
