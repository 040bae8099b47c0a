#include "chpst/option_table.hpp"

#include <limits>
#include <string_view>

#include "chpst/number.hpp"
#include "chpst/signal_name.hpp"
#include "chpst/words.hpp"

namespace runsuite::chpst {

namespace {

using State = ProcessState;
using Words = const char*;

constexpr Words fine = nullptr;
constexpr Words no_number = "not a number, or too large";

template <const char* State::*Field>
Words text(State& state, const char* value)
{
    state.*Field = value;
    return fine;
}

template <bool State::*Field, bool Value = true>
Words flag(State& state, const char*)
{
    state.*Field = Value;
    return fine;
}

template <UserSpec State::*Field>
Words user(State& state, const char* value)
{
    state.*Field = parse_user_spec(value);
    return fine;
}

template <int Descriptor>
Words closed(State& state, const char*)
{
    state.closed[Descriptor] = true;
    return fine;
}

template <bool Waits>
Words lock(State& state, const char* value)
{
    if (state.lock != nullptr) return "only one lock can be held";
    state.lock = value;
    state.lock_waits = Waits;
    return fine;
}

template <typename Value>
Words keep(std::optional<Value>& field, std::optional<Value> value, Words otherwise)
{
    if (!value) return otherwise;
    field = value;
    return fine;
}

constexpr unsigned bit(Limit limit)
{
    return 1u << static_cast<unsigned>(limit);
}

constexpr std::string_view hard_limit = "=";

std::optional<rlim_t> parse_limit(std::string_view word)
{
    if (word == "unlimited") return unlimited;
    return parse_unsigned(word, RLIM_INFINITY - 1);
}

// SOFT[:HARD], each a number or "unlimited"; "=" is the hard limit.
std::optional<NewLimit> parse_new_limit(std::string_view value)
{
    NewLimit limit;
    Parts parts{value, ':'};
    const auto soft = parts.next();
    const auto soft_number = soft == hard_limit ? unlimited : parse_limit(soft);
    if (!soft_number) return std::nullopt;
    limit.soft = *soft_number;
    if (!parts.has_next()) return limit;
    limit.hard = parse_limit(parts.next());
    return limit.hard && !parts.has_next() ? std::optional{limit} : std::nullopt;
}

Words set_limits(State& state, std::string_view value, unsigned which)
{
    const auto limit = parse_new_limit(value);
    if (!limit) return no_number;
    for (const LimitRow& row : limit_table) {
        if ((which & bit(row.limit)) != 0) state.limits[row.limit] = limit;
    }
    return fine;
}

template <Limit... Which>
Words limit(State& state, const char* value)
{
    return set_limits(state, value, (bit(Which) | ...));
}

Words nice(State& state, const char* value)
{
    constexpr int largest = std::numeric_limits<int>::max();
    return keep(state.nice, parse_signed(value, -largest, largest), no_number);
}

Words oom_score_adj(State& state, const char* value)
{
    return keep(state.oom_score_adj, parse_signed(value, -1000, 1000), "not a number from -1000 to 1000");
}

Words file_mask(State& state, const char* value)
{
    const auto mask = parse_unsigned(value, 0777, 8);
    if (!mask) return "not an octal number up to 0777";
    state.umask = static_cast<mode_t>(*mask);
    return fine;
}

template <CapabilityChange State::*Field>
Words capabilities(State& state, const char* value)
{
    const auto change = parse_capability_change(value);
    if (!change) return "not a list of +CAPABILITY and -CAPABILITY";
    state.*Field = *change;
    return fine;
}

Words cpu_affinity(State& state, const char* value)
{
    return keep(state.cpus, parse_cpu_list(value), "not a list of CPUs");
}

Words cpu_scheduling(State& state, const char* value)
{
    return keep(state.scheduling, parse_scheduling(value), "not other, batch, idle, fifo:PRIORITY or rr:PRIORITY");
}

Words parent_death_signal(State& state, const char* value)
{
    const auto signal = parse_signal(value);
    if (!signal) return "not a signal";
    state.parent_death_signal = *signal;
    return fine;
}

// daemontools separates how to lock from what to lock, so the file is an operand there.
void lock_operand(State& state, const char* value)
{
    state.lock = value;
}

void env_directory_operand(State& state, const char* value)
{
    state.env_directory = value;
    state.env_directory_is_strict = true;
}

template <UserSpec State::*Field>
void account_operand(State& state, const char* value)
{
    state.*Field = account_only(value);
}

using enum Limit;

constexpr OptionRow chpst_options[] = {
    {'u', nullptr, true, user<&State::user>},
    {'U', nullptr, true, user<&State::env_user>},
    {'b', nullptr, true, text<&State::argv0>},
    {'e', nullptr, true, text<&State::env_directory>},
    {'/', nullptr, true, text<&State::root>},
    {'C', nullptr, true, text<&State::directory>},
    {'n', nullptr, true, nice},
    {'l', nullptr, true, lock<true>},
    {'L', nullptr, true, lock<false>},
    {'m', nullptr, true, limit<Data, Stack, Locked, AddressSpace>},
    {'d', nullptr, true, limit<Data>},
    {'o', nullptr, true, limit<OpenFiles>},
    {'p', nullptr, true, limit<Processes>},
    {'f', nullptr, true, limit<FileSize>},
    {'c', nullptr, true, limit<Core>},
    {'r', nullptr, true, limit<Resident>},
    {'t', nullptr, true, limit<CpuTime>},
    {'v', nullptr, false, flag<&State::verbose>},
    {'V', nullptr, false, nullptr},
    {'P', nullptr, false, flag<&State::new_session>},
    {'0', nullptr, false, closed<0>},
    {'1', nullptr, false, closed<1>},
    {'2', nullptr, false, closed<2>},
    {'\0', "init-groups", false, flag<&State::init_groups>},
    {'\0', "login-environment", false, flag<&State::login_environment>},
    {'\0', "umask", true, file_mask},
    {'\0', "oom-score-adj", true, oom_score_adj},
    {'\0', "bounding-set", true, capabilities<&State::bounding_set>},
    {'\0', "ambient-caps", true, capabilities<&State::ambient_caps>},
    {'\0', "no-new-privs", false, flag<&State::no_new_privs>},
    {'\0', "cpu-affinity", true, cpu_affinity},
    {'\0', "cpu-scheduling", true, cpu_scheduling},
    {'\0', "pdeathsig", true, parent_death_signal},
    {'\0', "dry-run", false, flag<&State::dry_run>},
};

constexpr OptionRow setlock_options[] = {
    {'n', nullptr, false, flag<&State::lock_waits, false>},
    {'N', nullptr, false, flag<&State::lock_waits, true>},
    {'x', nullptr, false, flag<&State::lock_is_quiet, true>},
    {'X', nullptr, false, flag<&State::lock_is_quiet, false>},
};

constexpr OptionRow softlimit_options[] = {
    {'a', nullptr, true, limit<AddressSpace>}, {'c', nullptr, true, limit<Core>},
    {'d', nullptr, true, limit<Data>},         {'f', nullptr, true, limit<FileSize>},
    {'l', nullptr, true, limit<Locked>},       {'m', nullptr, true, limit<Data, Stack, Locked, AddressSpace>},
    {'o', nullptr, true, limit<OpenFiles>},    {'p', nullptr, true, limit<Processes>},
    {'r', nullptr, true, limit<Resident>},     {'s', nullptr, true, limit<Stack>},
    {'t', nullptr, true, limit<CpuTime>},
};

constexpr Personality table[] = {
    {"chpst",
     "[-vVP012] [-u user[:group]] [-U user[:group]] [-b argv0] [-e dir] [-/ root] [-C dir] [-n nice] [-l|-L lock] "
     "[-m n] [-d n] [-o n] [-p n] [-f n] [-c n] [-r n] [-t n] [--init-groups] [--login-environment] [--umask "
     "mode] "
     "[--oom-score-adj n] [--bounding-set caps] [--ambient-caps caps] [--no-new-privs] [--cpu-affinity cpus] "
     "[--cpu-scheduling policy] [--pdeathsig signal] [--dry-run] prog",
     chpst_options, nullptr, nullptr},
    {"envdir", "dir child", {}, nullptr, env_directory_operand},
    {"envuidgid", "account child", {}, nullptr, account_operand<&State::env_user>},
    {"pgrphack", "child", {}, flag<&State::new_session>, nullptr},
    {"setlock", "[ -nNxX ] file program [ arg ... ]", setlock_options, nullptr, lock_operand},
    {"setuidgid", "account child", {}, nullptr, account_operand<&State::user>},
    {"softlimit",
     "[-a allbytes] [-c corebytes] [-d databytes] [-f filebytes] [-l lockbytes] [-m membytes] [-o openfiles] "
     "[-p processes] [-r residentbytes] [-s stackbytes] [-t cpusecs] child",
     softlimit_options, nullptr, nullptr},
};

}  // namespace

std::span<const Personality> personalities()
{
    return table;
}

}  // namespace runsuite::chpst
