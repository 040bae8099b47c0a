#include "chpst/kernel.hpp"

#include <cerrno>

#ifdef __linux__

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "chpst/number.hpp"
#include "posix/file.hpp"

namespace runsuite::chpst::kernel {

namespace {

constexpr unsigned most_capabilities = 64;

int code_of(long result)
{
    return result < 0 ? errno : 0;
}

long control(int what, unsigned long second = 0, unsigned long third = 0)
{
    return ::prctl(what, second, third, 0ul, 0ul);
}

struct Capabilities {
    CapabilitySet effective = 0;
    CapabilitySet permitted = 0;
    CapabilitySet inheritable = 0;
};

constexpr CapabilitySet joined(__u32 low, __u32 high)
{
    return CapabilitySet{high} << 32 | low;
}

int get(Capabilities& set)
{
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2]{};
    if (::syscall(SYS_capget, &header, data) < 0) return errno;
    set.effective = joined(data[0].effective, data[1].effective);
    set.permitted = joined(data[0].permitted, data[1].permitted);
    set.inheritable = joined(data[0].inheritable, data[1].inheritable);
    return 0;
}

int put(const Capabilities& set)
{
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2]{};
    for (int half = 0; half < 2; ++half) {
        const int shift = 32 * half;
        data[half].effective = static_cast<__u32>(set.effective >> shift);
        data[half].permitted = static_cast<__u32>(set.permitted >> shift);
        data[half].inheritable = static_cast<__u32>(set.inheritable >> shift);
    }
    return code_of(::syscall(SYS_capset, &header, data));
}

// The capabilities for which `is_set` says 1; it fails for those that this kernel does not know.
template <typename IsSet>
CapabilitySet collect(IsSet is_set)
{
    CapabilitySet set = 0;
    for (unsigned number = 0; number < most_capabilities; ++number) {
        if (is_set(number) == 1) set |= CapabilitySet{1} << number;
    }
    return set;
}

template <typename Apply>
int for_each(CapabilitySet set, Apply apply)
{
    for (unsigned number = 0; number < most_capabilities; ++number) {
        if ((set >> number & 1) != 0 && apply(number) < 0) return errno;
    }
    return 0;
}

}  // namespace

int set_oom_score_adj(int value)
{
    auto file = open_file("/proc/self/oom_score_adj", O_WRONLY, "open");
    if (!file) return file.error().code;
    return write_all(file->get(), Digits(value).view(), "write").error().code;
}

int set_cpu_affinity(const CpuSet& cpus)
{
    return code_of(::syscall(SYS_sched_setaffinity, 0, sizeof cpus.words, cpus.words.data()));
}

// Not the C library's function: musl's only says ENOSYS.
int set_scheduling(const Scheduling& scheduling)
{
    return code_of(::syscall(SYS_sched_setscheduler, 0, scheduling.policy, &scheduling.priority));
}

int change_bounding_set(const CapabilityChange& change)
{
    const auto old = collect([](unsigned number) { return control(PR_CAPBSET_READ, number); });
    if ((change.named & ~old) != 0) return EPERM;
    const auto dropped = old & ~change.of(old);
    if (const int code = for_each(dropped, [](unsigned at) { return control(PR_CAPBSET_DROP, at); })) return code;
    Capabilities set;
    if (const int code = get(set)) return code;
    set.inheritable &= ~dropped;
    return put(set);
}

int keep_capabilities()
{
    return code_of(control(PR_SET_KEEPCAPS, 1));
}

int change_ambient_set(const CapabilityChange& change, bool user_changed)
{
    Capabilities set;
    if (const int code = get(set)) return code;
    const auto old =
        collect([](unsigned number) { return control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, number); });
    if ((change.named & ~set.permitted) != 0) return EPERM;
    const auto wanted = change.of(old) & set.permitted;
    set.inheritable = (set.inheritable & ~change.remove) | wanted;
    if (user_changed) set.permitted = wanted;
    set.effective &= set.permitted;
    if (const int code = put(set)) return code;
    if (control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL) < 0) return errno;
    return for_each(wanted, [](unsigned at) { return control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, at); });
}

int set_parent_death_signal(int signal)
{
    return code_of(control(PR_SET_PDEATHSIG, static_cast<unsigned long>(signal)));
}

int set_no_new_privs()
{
    return code_of(control(PR_SET_NO_NEW_PRIVS, 1));
}

}  // namespace runsuite::chpst::kernel

#else

namespace runsuite::chpst::kernel {

int set_oom_score_adj(int)
{
    return ENOSYS;
}
int set_cpu_affinity(const CpuSet&)
{
    return ENOSYS;
}
int set_scheduling(const Scheduling&)
{
    return ENOSYS;
}
int change_bounding_set(const CapabilityChange&)
{
    return ENOSYS;
}
int keep_capabilities()
{
    return ENOSYS;
}
int change_ambient_set(const CapabilityChange&, bool)
{
    return ENOSYS;
}
int set_parent_death_signal(int)
{
    return ENOSYS;
}
int set_no_new_privs()
{
    return ENOSYS;
}

}  // namespace runsuite::chpst::kernel

#endif
