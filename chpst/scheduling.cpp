#include "chpst/scheduling.hpp"

#include "chpst/number.hpp"
#include "chpst/words.hpp"

namespace runsuite::chpst {

namespace {

struct Policy {
    std::string_view name;
    int number;
    bool has_priority;
};

constexpr Policy policies[] = {
    {"other", 0, false}, {"fifo", 1, true}, {"rr", 2, true}, {"batch", 3, false}, {"idle", 5, false},
};

bool add_range(CpuSet& set, std::string_view range)
{
    Parts parts{range, '-'};
    const auto low = parse_unsigned(parts.next(), CpuSet::size - 1);
    const auto high = parts.has_next() ? parse_unsigned(parts.next(), CpuSet::size - 1) : low;
    if (parts.has_next() || !low || !high || *low > *high) return false;
    for (std::size_t cpu = *low; cpu <= *high; ++cpu) set.add(cpu);
    return true;
}

}  // namespace

std::optional<CpuSet> parse_cpu_list(std::string_view list)
{
    CpuSet set;
    for (Parts parts{list, ','}; parts.has_next();) {
        if (!add_range(set, parts.next())) return std::nullopt;
    }
    return set;
}

std::optional<Scheduling> parse_scheduling(std::string_view text)
{
    Parts parts{text, ':'};
    const auto name = parts.next();
    for (const Policy& policy : policies) {
        if (policy.name != name) continue;
        if (policy.has_priority != parts.has_next()) return std::nullopt;
        if (!policy.has_priority) return Scheduling{policy.number, 0};
        const auto priority = parse_unsigned(parts.next(), 99);
        if (parts.has_next() || !priority || *priority == 0) return std::nullopt;
        return Scheduling{policy.number, static_cast<int>(*priority)};
    }
    return std::nullopt;
}

std::string_view policy_name(int number)
{
    for (const Policy& policy : policies) {
        if (policy.number == number) return policy.name;
    }
    return "?";
}

}  // namespace runsuite::chpst
