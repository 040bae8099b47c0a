#include "chpst/resource_limits.hpp"

#include <algorithm>

#include "chpst/number.hpp"

namespace runsuite::chpst {

namespace {

using report::Line;

// -m sets the limit of -d too.
const char* option_of(const LimitRow& row, const Limits& limits)
{
    const bool is_of_m = row.limit == Limit::Data && limits[Limit::Locked] == limits[Limit::Data];
    return is_of_m ? "-m" : row.option;
}

void append_limit(rlim_t limit, const char* when_unlimited, Line& line)
{
    if (limit == unlimited) line.append(when_unlimited);
    else line.append(Digits::of_unsigned(limit).view());
}

// `change` makes what is to be of what is.
template <typename Change>
Failure change_limits(const Limits& limits, Change change)
{
    for (const LimitRow& row : limit_table) {
        const auto& wanted = limits[row.limit];
        if (!wanted) continue;
        const char* option = option_of(row, limits);
        rlimit limit{};
        if (::getrlimit(row.resource, &limit) < 0)
            return last_failure("unable to get the limit of", option, row.words);
        change(*wanted, limit);
        if (::setrlimit(row.resource, &limit) < 0) return last_failure("unable to limit", option, row.words);
    }
    return {};
}

}  // namespace

void describe_raising(const ProcessState& state, const Findings&, Line& line)
{
    const char* separator = "raise where it is lower: ";
    for (const LimitRow& row : limit_table) {
        const auto& wanted = state.limits[row.limit];
        if (!wanted || !wanted->hard) continue;
        line.append(separator).append("hard limit of ").append(row.words).append(" to ");
        append_limit(*wanted->hard, "unlimited", line);
        separator = ", ";
    }
}

Failure raise_hard_limits(const ProcessState& state, Findings&)
{
    return change_limits(state.limits, [](const NewLimit& wanted, rlimit& limit) {
        limit.rlim_max = std::max(limit.rlim_max, wanted.hard.value_or(0));
    });
}

void describe_limits(const ProcessState& state, const Findings&, Line& line)
{
    const char* separator = "limit ";
    for (const LimitRow& row : limit_table) {
        const auto& wanted = state.limits[row.limit];
        if (!wanted) continue;
        line.append(separator).append(row.words).append(" to ");
        append_limit(wanted->soft, "the hard limit", line);
        if (wanted->hard) append_limit(*wanted->hard, "unlimited", line.append(" of "));
        separator = ", ";
    }
}

Failure set_limits(const ProcessState& state, Findings&)
{
    return change_limits(state.limits, [](const NewLimit& wanted, rlimit& limit) {
        limit.rlim_max = wanted.hard.value_or(limit.rlim_max);
        limit.rlim_cur = std::min(wanted.soft, limit.rlim_max);
    });
}

}  // namespace runsuite::chpst
