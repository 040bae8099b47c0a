#include "posix/descriptor_limit.hpp"

#include <sys/resource.h>

namespace runsuite {

namespace {

// For what has to be opened for a moment.
constexpr rlim_t kept_free = 16;

rlimit before{};
bool is_raised = false;

}  // namespace

bool raise_descriptor_limit()
{
    rlimit limit{};
    if (is_raised || ::getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == limit.rlim_max) return false;
    before = limit;
    limit.rlim_cur = limit.rlim_max;
    is_raised = ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
    return is_raised;
}

void restore_descriptor_limit()
{
    if (is_raised) ::setrlimit(RLIMIT_NOFILE, &before);
}

bool is_near_descriptor_limit(int fd)
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY) return false;
    return static_cast<rlim_t>(fd) + kept_free >= limit.rlim_cur;
}

}  // namespace runsuite
