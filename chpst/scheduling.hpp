// Where and how a program gets the processor: its words, see sched(7).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace runsuite::chpst {

// CPUs 0 to 1023, laid out as sched_setaffinity(2) takes them.
struct CpuSet {
    static constexpr std::size_t size = 1024;
    static constexpr std::size_t word_bits = 8 * sizeof(unsigned long);

    std::array<unsigned long, size / word_bits> words{};

    void add(std::size_t cpu) { words[cpu / word_bits] |= 1ul << (cpu % word_bits); }
    bool has(std::size_t cpu) const { return (words[cpu / word_bits] >> (cpu % word_bits) & 1) != 0; }
    bool operator==(const CpuSet&) const = default;
};

// Numbers and ranges between commas: "0,4-7".
std::optional<CpuSet> parse_cpu_list(std::string_view list);

struct Scheduling {
    int policy = 0;    // the kernel's number
    int priority = 0;  // 1 to 99 for fifo and rr, 0 for the others

    bool operator==(const Scheduling&) const = default;
};

// "other", "batch", "idle", "fifo:PRIORITY" or "rr:PRIORITY".
std::optional<Scheduling> parse_scheduling(std::string_view text);
std::string_view policy_name(int number);

}  // namespace runsuite::chpst
