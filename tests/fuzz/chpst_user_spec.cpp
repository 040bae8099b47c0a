// Any bytes as the argument of -u: what is taken adds up to the text again, and no id comes from nowhere.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "chpst/user_spec.hpp"

using namespace runsuite::chpst;

namespace {

struct Groups {
    std::size_t count = 0;
    std::string joined;  // with a colon in front of each
};

Groups groups_of(const UserSpec& spec)
{
    Groups groups;
    for (Parts parts = spec.groups(); parts.has_next(); ++groups.count)
        groups.joined.append(":").append(parts.next());
    return groups;
}

bool only_digits_and_colons(const std::string& text)
{
    return text.find_first_not_of("0123456789:") == std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    using Kind = UserSpec::Kind;
    const std::string text{reinterpret_cast<const char*>(bytes), size};
    const UserSpec spec = parse_user_spec(text);
    const Groups groups = groups_of(spec);
    if (!spec.is_given()) std::abort();
    const bool numbers = spec.kind == Kind::Numbers || spec.kind == Kind::InvalidNumbers;
    if (numbers != (!text.empty() && text[0] == ':')) std::abort();
    if (std::string{spec.user} + groups.joined != spec.text) std::abort();
    const bool accepted = spec.kind == Kind::Names || spec.kind == Kind::Numbers;
    if (accepted && groups.count > most_groups) std::abort();
    if (spec.kind == Kind::Numbers) {
        if (!only_digits_and_colons(text) || groups.count == 0 || text.find("::") != std::string::npos)
            std::abort();
        if (spec.uid == 4294967295u) std::abort();
        if (std::stoull(std::string{spec.user}) != spec.uid) std::abort();
    }
    const UserSpec account = account_only(text);
    if (account.user != text || groups_of(account).count != 0) std::abort();
    return 0;
}
