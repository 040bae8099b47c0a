// Kernel calls that fail on order, by strace(1): the traced program keeps its own pid, its children are not traced.
#pragma once

#include <iostream>

#include "support/process.hpp"

namespace support {

inline bool has_strace()
{
    const bool has = run({"sh", "-c", "strace -D -o /dev/null true"}).code == 0;
    if (!has) std::cerr << "skipped: strace is missing or may not trace\n";
    return has;
}

// `calls` and `how` as in strace's option: ("vfork", "error=EAGAIN:when=1").
inline StartSpec with_failing(StartSpec spec, const std::string& calls, const std::string& how)
{
    spec.argv.insert(spec.argv.begin(), {"strace", "-D", "-qq", "-o", "/dev/null", "-e", "signal=none", "-e",
                                         "trace=" + calls, "-e", "inject=" + calls + ":" + how});
    return spec;
}

}  // namespace support
