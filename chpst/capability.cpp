#include "chpst/capability.hpp"

#include <iterator>

#include "chpst/number.hpp"
#include "chpst/words.hpp"

namespace runsuite::chpst {

namespace {

// In the order of their numbers in the kernel.
constexpr const char* names[] = {
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "linux_immutable",
    "net_bind_service",
    "net_broadcast",
    "net_admin",
    "net_raw",
    "ipc_lock",
    "ipc_owner",
    "sys_module",
    "sys_rawio",
    "sys_chroot",
    "sys_ptrace",
    "sys_pacct",
    "sys_admin",
    "sys_boot",
    "sys_nice",
    "sys_resource",
    "sys_time",
    "sys_tty_config",
    "mknod",
    "lease",
    "audit_write",
    "audit_control",
    "setfcap",
    "mac_override",
    "mac_admin",
    "syslog",
    "wake_alarm",
    "block_suspend",
    "audit_read",
    "perfmon",
    "bpf",
    "checkpoint_restore",
};

constexpr CapabilitySet everything = ~CapabilitySet{0};

char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool same_word(std::string_view given, std::string_view name)
{
    if (given.size() != name.size()) return false;
    for (std::size_t at = 0; at < name.size(); ++at) {
        if (lower(given[at]) != name[at]) return false;
    }
    return true;
}

std::optional<CapabilitySet> parse_capability(std::string_view word)
{
    if (same_word(word, "all")) return everything;
    const bool prefixed = same_word(first(word, 4), "cap_");
    if (prefixed) word.remove_prefix(4);
    for (unsigned number = 0; number < std::size(names); ++number) {
        if (same_word(word, names[number])) return CapabilitySet{1} << number;
    }
    const auto number = prefixed ? parse_unsigned(word, 63) : std::nullopt;
    if (!number) return std::nullopt;
    return CapabilitySet{1} << *number;
}

bool add_entry(CapabilityChange& change, std::string_view entry)
{
    if (!entry.starts_with('+') && !entry.starts_with('-')) return false;
    const auto set = parse_capability(after(entry, 1));
    if (!set) return false;
    const bool adds = entry[0] == '+';
    change.add = adds ? change.add | *set : change.add & ~*set;
    change.remove = adds ? change.remove & ~*set : change.remove | *set;
    if (!adds) change.named &= ~*set;
    else if (*set != everything) change.named |= *set;
    return true;
}

}  // namespace

std::optional<CapabilityChange> parse_capability_change(std::string_view list)
{
    CapabilityChange change;
    for (Parts parts{list, ','}; parts.has_next();) {
        if (!add_entry(change, parts.next())) return std::nullopt;
    }
    return change;
}

const char* capability_name(unsigned number)
{
    return number < std::size(names) ? names[number] : nullptr;
}

}  // namespace runsuite::chpst
