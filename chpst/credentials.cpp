#include "chpst/credentials.hpp"

#include <grp.h>
#include <unistd.h>

#include "chpst/kernel.hpp"
#include "chpst/number.hpp"

namespace runsuite::chpst {

namespace {

using report::Line;

// HOME and its like come from the account that the program runs as, without -u from that of -U.
const Account& login_account(const ProcessState& state, const Findings& found)
{
    return state.user.is_given() ? found.account : found.env_account;
}

void append_unknown(const ProcessState& state, const UserSpec& spec, Line& line)
{
    report::append_name(line, spec.text);
    if (state.root != nullptr) line.append(", looked up in the new root");
}

void append_set(CapabilitySet set, char sign, Line& line)
{
    if (set == 0) return;
    for (unsigned number = 0; number < 64; ++number) {
        if ((set >> number & 1) == 0) continue;
        const char* name = capability_name(number);
        if (name == nullptr) continue;
        line.append(" ").append({&sign, 1}).append(name);
    }
}

}  // namespace

Failure look_up_accounts(const ProcessState& state, Findings& found)
{
    if (state.env_user.is_given()) {
        const bool wants_entry = state.login_environment && !state.user.is_given();
        const LookUp what{state.env_user, "-U", wants_entry, false};
        if (Failure why = look_up(what, found.env_account)) return why;
    }
    // The last one, because only the last one's names stay valid.
    if (!state.user.is_given()) return {};
    return look_up({state.user, "-u", state.login_environment, state.init_groups}, found.account);
}

void describe_env_user(const ProcessState& state, const Findings& found, Line& line)
{
    line.append("set UID and GID to those of ");
    if (!found.env_account.is_known) return append_unknown(state, state.env_user, line);
    report::append_name(line, state.env_user.text);
    line.append(": ")
        .append(Digits(found.env_account.uid).view())
        .append(" ")
        .append(Digits(found.env_account.gid()).view());
}

Failure set_env_user(const ProcessState&, Findings& found)
{
    const bool done = found.environment.set("GID", Digits(found.env_account.gid()).view()) &&
                      found.environment.set("UID", Digits(found.env_account.uid).view());
    if (!done) return failure("unable to set a variable", "-U", ENOMEM);
    return {};
}

void describe_login_environment(const ProcessState& state, const Findings& found, Line& line)
{
    const Account& account = login_account(state, found);
    line.append("set HOME, SHELL, USER and LOGNAME to those of ");
    if (account.is_known) report::append_name(line, account.name);
    else append_unknown(state, state.user.is_given() ? state.user : state.env_user, line);
}

Failure set_login_environment(const ProcessState& state, Findings& found)
{
    const Account& account = login_account(state, found);
    const char* shell = account.shell != nullptr && *account.shell != '\0' ? account.shell : "/bin/sh";
    Environment& environment = found.environment;
    const bool done = environment.set("HOME", account.home) && environment.set("SHELL", shell) &&
                      environment.set("USER", account.name) && environment.set("LOGNAME", account.name);
    if (!done) return failure("unable to set a variable", "--login-environment", ENOMEM);
    return {};
}

void describe_user(const ProcessState& state, const Findings& found, Line& line)
{
    line.append("become ");
    if (!found.account.is_known) return append_unknown(state, state.user, line);
    report::append_name(line, state.user.text);
    line.append(": groups");
    for (const gid_t id : found.account.groups.ids()) line.append(" ").append(Digits(id).view());
    line.append(", gid ")
        .append(Digits(found.account.gid()).view())
        .append(", uid ")
        .append(Digits(found.account.uid).view());
}

Failure change_user(const ProcessState& state, Findings& found)
{
    const Account& account = found.account;
    if (state.ambient_caps.any()) {
        if (const int code = kernel::keep_capabilities()) {
            return failure("unable to keep capabilities", "--ambient-caps", code);
        }
    }
    const auto groups = account.groups.ids();
    if (::setgroups(groups.size(), groups.data()) < 0) {
        return last_failure("unable to setgroups", "-u");
    }
    if (::setgid(account.gid()) < 0) return last_failure("unable to setgid", "-u");
    if (::setuid(account.uid) < 0) return last_failure("unable to setuid", "-u");
    return {};
}

void describe_capabilities(const CapabilityChange& change, const char* words, Line& line)
{
    constexpr CapabilitySet everything = ~CapabilitySet{0};
    line.append(words);
    if (change.remove == everything) line.append(" -all");
    else append_set(change.remove, '-', line);
    if (change.add == everything) line.append(" +all");
    else append_set(change.add, '+', line);
}

}  // namespace runsuite::chpst
