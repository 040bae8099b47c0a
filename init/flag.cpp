#include "init/flag.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "posix/file.hpp"

namespace runsuite::init {

bool is_set(const char* flag)
{
    struct stat about {};
    return ::stat(flag, &about) == 0 && (about.st_mode & S_IXUSR) != 0;
}

Outcome set(const char* flag)
{
    if (::chmod(flag, S_IXUSR) == 0) return success();
    if (errno != ENOENT) return Error::last("chmod", flag);
    auto made = open_file(flag, O_WRONLY | O_CREAT, "create", S_IXUSR);
    if (!made) return Error{"create", made.error().code, flag};
    if (::fchmod(made->get(), S_IXUSR) < 0) return Error::last("chmod", flag);
    return success();
}

Outcome clear(const char* flag)
{
    if (::chmod(flag, 0) < 0 && errno != ENOENT) return Error::last("chmod", flag);
    return success();
}

}  // namespace runsuite::init
