#include "chpst/user_spec.hpp"

#include "chpst/number.hpp"

namespace runsuite::chpst {

namespace {

constexpr std::uint64_t largest_id = 4294967294;

bool fill(UserSpec& spec)
{
    const bool numbers = spec.kind == UserSpec::Kind::Numbers;
    spec.user = Parts{spec.text, ':'}.next();
    std::size_t count = 0;
    for (Parts groups = spec.groups(); groups.has_next(); ++count) {
        const auto word = groups.next();
        if (count == most_groups || (numbers && !parse_id(word))) return false;
    }
    if (!numbers) return true;
    const auto id = parse_id(spec.user);
    spec.uid = id.value_or(0);
    return id.has_value() && count > 0;
}

}  // namespace

Parts UserSpec::groups() const
{
    if (kind == Kind::Account) return Parts::none();
    Parts parts{text, ':'};
    parts.next();
    return parts;
}

std::optional<gid_t> parse_id(std::string_view word)
{
    const auto number = parse_unsigned(word, largest_id);
    if (!number) return std::nullopt;
    return static_cast<gid_t>(*number);
}

bool is_account_name(std::string_view name)
{
    return !name.empty() && name.front() != '#' && name.front() != '+' && name.front() != '-';
}

UserSpec parse_user_spec(std::string_view text)
{
    UserSpec spec;
    const bool numbers = text.starts_with(':');
    spec.kind = numbers ? UserSpec::Kind::Numbers : UserSpec::Kind::Names;
    spec.text = numbers ? after(text, 1) : text;
    if (!fill(spec)) spec.kind = numbers ? UserSpec::Kind::InvalidNumbers : UserSpec::Kind::TooManyGroups;
    return spec;
}

UserSpec account_only(std::string_view text)
{
    UserSpec spec;
    spec.kind = UserSpec::Kind::Account;
    spec.text = text;
    spec.user = text;
    return spec;
}

}  // namespace runsuite::chpst
