#include "posix/watch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "posix/file.hpp"

#if __has_include(<sys/inotify.h>) && !defined(RUNSUITE_WITHOUT_INOTIFY)
#include <sys/inotify.h>
#define RUNSUITE_INOTIFY 1
#else
#define RUNSUITE_INOTIFY 0
#endif

namespace runsuite {

#if RUNSUITE_INOTIFY && defined(F_NOTIFY)

Result<UniqueFd> signal_changes(const char* directory, Watch::What what)
{
    long mask = DN_MULTISHOT | DN_RENAME;
    if (what != Watch::What::Replacements) mask |= DN_CREATE | DN_DELETE;
    if (what == Watch::What::NamesAndAttributes) mask |= DN_ATTRIB;
    auto fd = open_file(directory, O_RDONLY | O_DIRECTORY, "watch directory");
    if (!fd) return fd;
    if (::fcntl(fd->get(), F_NOTIFY, mask) < 0) return Error::last("watch directory");
    return fd;
}

#else

Result<UniqueFd> signal_changes(const char*, Watch::What)
{
    return Error{"watch directory", ENOSYS};
}

#endif

#if RUNSUITE_INOTIFY

Result<Watch> Watch::open()
{
    Watch watch;
    watch.fd_ = UniqueFd{::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
    if (!watch.fd_.is_open()) return Error::last("watch directories");
    return watch;
}

Result<int> Watch::add(const char* directory, What what)
{
    std::uint32_t mask =
        IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
    if (what == What::NamesAndAttributes) mask |= IN_ATTRIB;
    if (what == What::Replacements) mask = IN_MOVED_TO | IN_ONLYDIR;
    const int number = ::inotify_add_watch(fd_.get(), directory, mask);
    if (number < 0) return Error::last("watch directory");
    return number;
}

std::size_t Watch::take_event(const char* at, Event& event)
{
    const auto* told = reinterpret_cast<const inotify_event*>(at);
    event.watch = told->wd;
    event.name = told->len > 0 ? told->name : nullptr;
    event.is_old_name = (told->mask & IN_MOVED_FROM) != 0;
    event.is_new_name = (told->mask & IN_MOVED_TO) != 0;
    return sizeof *told + told->len;
}

#else

Result<Watch> Watch::open()
{
    return Error{"watch directories", ENOSYS};
}

Result<int> Watch::add(const char*, What)
{
    return Error{"watch directory", ENOSYS};
}

std::size_t Watch::take_event(const char*, Event&)
{
    std::abort();
}

#endif

bool Watch::drain()
{
    bool any = false;
    each([&](int, const char*) { any = true; });
    return any;
}

std::size_t Watch::read_events(char* buffer, std::size_t size)
{
    const ssize_t count = ::read(fd_.get(), buffer, size);
    return count > 0 ? static_cast<std::size_t>(count) : 0;
}

}  // namespace runsuite
