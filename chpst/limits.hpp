// The resource limits that can be set, one row each, see setrlimit(2).
#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace runsuite::chpst {

enum class Limit { Data, Stack, Locked, AddressSpace, OpenFiles, Processes, FileSize, Core, Resident, CpuTime };

struct LimitRow {
    Limit limit;
    int resource;
    const char* words;
    const char* option;  // of chpst
};

inline constexpr std::array limit_table{
    LimitRow{Limit::Data, RLIMIT_DATA, "data segment", "-d"},
    LimitRow{Limit::Stack, RLIMIT_STACK, "stack segment", "-m"},
    LimitRow{Limit::Locked, RLIMIT_MEMLOCK, "locked pages", "-m"},
    LimitRow{Limit::AddressSpace, RLIMIT_AS, "all segments", "-m"},
    LimitRow{Limit::OpenFiles, RLIMIT_NOFILE, "open files", "-o"},
    LimitRow{Limit::Processes, RLIMIT_NPROC, "processes", "-p"},
    LimitRow{Limit::FileSize, RLIMIT_FSIZE, "file size", "-f"},
    LimitRow{Limit::Core, RLIMIT_CORE, "core file size", "-c"},
    LimitRow{Limit::Resident, RLIMIT_RSS, "resident set", "-r"},
    LimitRow{Limit::CpuTime, RLIMIT_CPU, "CPU seconds", "-t"},
};

// A soft limit is cut to the hard one when it is set, so the largest number stands for "equal to the hard limit" too.
inline constexpr rlim_t unlimited = RLIM_INFINITY;

struct NewLimit {
    rlim_t soft = unlimited;
    std::optional<rlim_t> hard;  // nothing: it stays

    bool operator==(const NewLimit&) const = default;
};

struct Limits {
    std::array<std::optional<NewLimit>, limit_table.size()> wanted{};

    std::optional<NewLimit>& operator[](Limit limit) { return wanted[static_cast<std::size_t>(limit)]; }
    const std::optional<NewLimit>& operator[](Limit limit) const
    {
        return wanted[static_cast<std::size_t>(limit)];
    }
    bool any() const
    {
        return std::any_of(wanted.begin(), wanted.end(), [](const auto& limit) { return limit.has_value(); });
    }
    bool any_hard() const
    {
        return std::any_of(wanted.begin(), wanted.end(), [](const auto& limit) { return limit && limit->hard; });
    }
};

}  // namespace runsuite::chpst
