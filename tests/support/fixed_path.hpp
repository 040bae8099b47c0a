// Programs that know the path of a file by heart, and are to find a scratch one there.
#pragma once

#include "support/catch.hpp"
#include "support/process.hpp"

namespace support {

// Whether with_link() can be had; says so when it cannot.
inline bool can_mount()
{
    const bool can = run({"unshare", "-m", "mount", "-t", "tmpfs", "none", "/etc"}).code == 0;
    if (!can) WARN("skipped: no file system can be mounted here");
    return can;
}

// In a mount namespace of its own `path`, below the directory `top`, is a link to `target`, and nothing else is in `top`.
inline StartSpec with_link(StartSpec spec, const std::string& top, const std::string& path,
                           const std::string& target)
{
    const std::string script =
        "mount -t tmpfs none \"$1\" && mkdir -p \"$(dirname \"$1/$2\")\" && ln -s \"$3\" \"$1/$2\" && shift 3 && "
        "exec \"$@\"";
    spec.argv.insert(spec.argv.begin(), {"unshare", "-m", "sh", "-c", script, "sh", top, path, target});
    return spec;
}

}  // namespace support
