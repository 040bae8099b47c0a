#include "svlogd/owner.hpp"
#include "svlogd/text.hpp"

#include <grp.h>
#include <pwd.h>

#include "base/fixed_string.hpp"
#include "base/parse.hpp"

namespace runsuite::svlogd {

Result<NewFile> find_owner(std::string_view text, NewFile file)
{
    const auto colon = text.find(':');
    const FixedString<255> user{first(text, colon)};
    const FixedString<255> group{colon == text.npos ? "" : after(text, colon + 1)};
    if (const auto number = parse_number<uid_t>(user.view())) {
        file.user = *number;
    } else if (!user.view().empty()) {
        const passwd* account = ::getpwnam(user.c_str());
        if (account == nullptr) return Error{"find owner of log files:", 0};
        file.user = account->pw_uid;
        file.group = account->pw_gid;
    }
    if (const auto number = parse_number<gid_t>(group.view())) {
        file.group = *number;
    } else if (!group.view().empty()) {
        const ::group* found = ::getgrnam(group.c_str());
        if (found == nullptr) return Error{"find group of log files:", 0};
        file.group = found->gr_gid;
    }
    return file;
}

}  // namespace runsuite::svlogd
