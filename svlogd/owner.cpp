#include "svlogd/owner.hpp"
#include "svlogd/text.hpp"

#include <grp.h>
#include <pwd.h>

#include "app/report.hpp"
#include "base/parse.hpp"

namespace runsuite::svlogd {

namespace {

constexpr Instant longest_wait = std::chrono::seconds(5);
constexpr const char* doing = "find owner of log files:";

struct Names {
    FixedString<255> user;
    FixedString<255> group;
};

Names names_in(std::string_view text)
{
    const auto colon = text.find(':');
    return {FixedString<255>{first(text, colon)},
            FixedString<255>{colon == text.npos ? "" : after(text, colon + 1)}};
}

// Nothing where there is a name in it.
std::optional<Ids> ids_in_digits(std::string_view text)
{
    const Names names = names_in(text);
    const auto user = parse_number<uid_t>(names.user.view());
    const auto group = parse_number<gid_t>(names.group.view());
    if ((!user && !names.user.view().empty()) || (!group && !names.group.view().empty())) return std::nullopt;
    return Ids{user.value_or(Ids{}.user), group.value_or(Ids{}.group)};
}

FoundIds find_ids(std::string_view text)
{
    const Names names = names_in(text);
    FoundIds found;
    if (const auto number = parse_number<uid_t>(names.user.view())) {
        found.ids.user = *number;
    } else if (!names.user.view().empty()) {
        const passwd* account = ::getpwnam(names.user.c_str());
        if (account == nullptr) return {{}, Error{doing, 0}};
        found.ids = {account->pw_uid, account->pw_gid};
    }
    if (const auto number = parse_number<gid_t>(names.group.view())) {
        found.ids.group = *number;
    } else if (!names.group.view().empty()) {
        const ::group* group = ::getgrnam(names.group.c_str());
        if (group == nullptr) return {{}, Error{"find group of log files:", 0}};
        found.ids.group = group->gr_gid;
    }
    return found;
}

}  // namespace

void Owner::open(std::string_view text, const sigset_t& child_mask, Instant now)
{
    look_up_.kill();
    text_ = text;
    late_at_ = never;
    state_ = State::Known;
    if (text.empty()) return use({});
    if (const auto ids = ids_in_digits(text)) return use({*ids, {}});
    const auto started = look_up_.start(child_mask, {}, [&] { return find_ids(text); });
    if (!started) return use({{}, Error{doing, started.error().code}});
    if (known_.view() == text) return;
    ids_ = {};
    state_ = State::Awaited;
    late_at_ = now + longest_wait;
}

void Owner::tick(Instant now)
{
    if (now < late_at_) return;
    late_at_ = never;
    state_ = State::Late;
    report::warn(Error{doing, ETIMEDOUT}, text_);
}

void Owner::child_ended()
{
    late_at_ = never;
    state_ = State::Known;
    use(look_up_.ended().value_or(FoundIds{{}, Error{doing, EAGAIN}}));  // none: it was killed
}

void Owner::use(const FoundIds& found)
{
    ids_ = found.ids;
    known_ = FixedString<80>{found.why ? "" : text_};
    if (found.why) report::warn(found.why, text_);
}

}  // namespace runsuite::svlogd
