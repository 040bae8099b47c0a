// A process by what cannot lie. Its number alone can: it is given again.
#pragma once

#include <array>
#include <cstdint>

namespace runsuite {

// `pid` was alive at the moment `alive_at` of CLOCK_BOOTTIME, in nanoseconds. So a process of this number that was started
// no later than that is it: any other one was started after its end. Holds within one boot and one pid namespace.
struct ProcessMark {
    std::int64_t alive_at = 0;
    std::int32_t pid = 0;  // 0: none
    std::int32_t reserved = 0;

    bool operator==(const ProcessMark&) const = default;
};

// What numbers of processes are good for: one boot of the machine, and one life of one pid namespace in it.
struct ProcessSpace {
    std::array<char, 40> boot{};  // /proc/sys/kernel/random/boot_id, see random(4); zeros where it cannot be read
    std::uint64_t pid_namespace =
        0;  // the inode of /proc/self/ns/pid, see namespaces(7); given again after its end
    std::uint64_t first_process = 0;  // the inode of a pidfd of process 1: never given again since Linux 6.9

    bool is_known() const { return boot[0] != '\0'; }
    bool operator==(const ProcessSpace&) const = default;
};

}  // namespace runsuite
