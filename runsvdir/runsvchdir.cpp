// runsvchdir: makes another services directory the current one.
//
// `current` is replaced in one step, so it is never missing, and it is replaced last: runsvdir looks at nothing else. What
// was done before is taken back when that fails.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "app/about.hpp"
#include "app/report.hpp"
#include "posix/file.hpp"

using namespace runsuite;

namespace {

constexpr const char* current = "current";
constexpr const char* current_scratch = "current.new";
constexpr const char* previous = "previous";
constexpr const char* previous_scratch = "previous.new";

// What a symlink says; empty where there is none.
class LinkText {
public:
    explicit LinkText(const char* path)
    {
        const ssize_t size = ::readlink(path, text_, sizeof text_ - 1);
        text_[size > 0 ? size : 0] = '\0';
    }

    bool is_empty() const { return text_[0] == '\0'; }
    const char* c_str() const { return text_; }

private:
    char text_[PATH_MAX];
};

int refuse(const char* directory, const char* reason)
{
    report::Line line{"fatal: "};
    report::append_name(line, directory);
    report::inform(line.append(": ").append(reason).view());
    return 111;
}

int say(const char* directory, const char* what)
{
    report::Line line{"runsvchdir: "};
    report::append_name(line, directory);
    line.append(": ").append(what).append("\n");
    const auto written = write_all(STDOUT_FILENO, line.view(), "write to standard output");
    return written ? 0 : report::fatal(written.error());
}

// Into the directory of services directories. Whoever else is to change something there waits for its turn elsewhere: two
// at a time would take each other's links.
Result<UniqueFd> enter(const char* path)
{
    if (::chdir(path) < 0) return Error::last("chdir:", path);
    auto directory = open_file(".", O_RDONLY | O_DIRECTORY, "open:");
    if (!directory) return Error{"open:", directory.error().code, path};
    if (::flock(directory->get(), LOCK_EX | LOCK_NB) < 0) return Error::last("lock:", path);
    return directory;
}

Outcome clear(const char* name)
{
    if (::unlink(name) < 0 && errno != ENOENT) return Error::last("unlink:", name);
    return success();
}

bool replace_link(const char* text, const char* scratch, const char* path)
{
    return ::symlink(text, scratch) == 0 && ::rename(scratch, path) == 0;
}

enum class Over { No, End, Way };

// Whether `path` leads over the link `name`, under whatever name: as its last step, or on the way to something behind it.
Over over(const char* name, const char* path)
{
    struct stat link {};
    char way[PATH_MAX];
    std::size_t end = std::strlen(path);
    if (end >= sizeof way || ::lstat(name, &link) < 0) return Over::No;
    std::memcpy(way, path, end + 1);
    while (end > 1 && way[end - 1] == '/') way[--end] = '\0';
    for (std::size_t at = 1; at <= end; ++at) {
        if (way[at] != '/' && way[at] != '\0') continue;
        struct stat step {};
        way[at] = '\0';
        const bool is_it = ::lstat(way, &step) == 0 && step.st_dev == link.st_dev && step.st_ino == link.st_ino;
        if (is_it) return at == end ? Over::End : Over::Way;
        if (at < end) way[at] = '/';
    }
    return Over::No;
}

// One way from `current` to `previous`: a copy of the link; or, of a directory that is no link, the directory itself. A link
// that leads to `previous`, as the reference makes it, is kept by leaving that alone: its copy would lead to itself.
bool keep_current(const LinkText& link)
{
    if (over(previous, link.c_str()) == Over::End) return true;
    if (!link.is_empty()) return replace_link(link.c_str(), previous_scratch, previous);
    return clear(previous) && ::rename(current, previous) == 0;
}

void take_back(const LinkText& link, const LinkText& old_previous)
{
    if (link.is_empty()) ::rename(previous, current);
    if (!old_previous.is_empty()) replace_link(old_previous.c_str(), previous_scratch, previous);
    else ::unlink(previous);
}

Outcome move_links()
{
    const LinkText link{current};
    const LinkText old_previous{previous};
    Error why;
    if (!keep_current(link)) {
        why = Error::last("copy:", "current to previous");
        if (link.is_empty() && !old_previous.is_empty())
            replace_link(old_previous.c_str(), previous_scratch, previous);
    } else if (::rename(current_scratch, current) < 0) {
        why = Error::last("move:", "current.new to current");
        take_back(link, old_previous);
    }
    if (!why) return success();
    ::unlink(previous_scratch);
    ::unlink(current_scratch);
    return why;
}

Outcome clear_scratch()
{
    auto cleared = clear(current_scratch);
    return cleared ? clear(previous_scratch) : cleared;
}

Outcome switch_to(const char* directory)
{
    if (::symlink(directory, current_scratch) < 0) return Error::last("create: current.new ->", directory);
    return move_links();
}

// A `previous` that is no link is a directory that was `current` itself: the two change names, and it can be left again.
Outcome change_names()
{
    if (exchange_names(previous, current)) return success();
    Error why = Error::last("move:", "previous to current");
    if (why.code != ENOSYS && why.code != EINVAL) return why;
    struct Renaming {
        const char* from;
        const char* to;
    };
    constexpr Renaming steps[] = {{current, current_scratch}, {previous, current}, {current_scratch, previous}};
    for (const Renaming* step = std::begin(steps); step != std::end(steps); ++step) {
        if (::rename(step->from, step->to) == 0) continue;
        why.code = errno;
        while (step != std::begin(steps)) {
            --step;
            ::rename(step->to, step->from);
        }
        return why;
    }
    return success();
}

Outcome go_back()
{
    const LinkText link{previous};
    return link.is_empty() ? change_names() : switch_to(link.c_str());
}

int change_to(const char* directory)
{
    struct stat wanted {};
    struct stat now {};
    if (::stat(directory, &wanted) < 0) return refuse(directory, report::reason(errno));
    if (!S_ISDIR(wanted.st_mode)) return refuse(directory, "not a directory.");
    if (::stat(current, &now) < 0) return report::fatal(Error::last("stat:", current));
    if (wanted.st_dev == now.st_dev && wanted.st_ino == now.st_ino) return say(directory, "current.");

    // A link that leads through one of those that are moved would not lead there any more.
    const Over previously = over(previous, directory);
    if (previously == Over::Way || over(current, directory) == Over::Way) {
        return refuse(directory, "must not go by way of current or previous.");
    }
    if (auto cleared = clear_scratch(); !cleared) return report::fatal(cleared.error());
    const auto switched = previously == Over::End ? go_back() : switch_to(directory);
    return switched ? say(directory, "now current.") : report::fatal(switched.error());
}

}  // namespace

int main(int argc, char* argv[])
{
    constexpr about::Program self{"runsvchdir", "dir", "makes dir the current services directory"};
    if (const auto code = about::answer(argc, argv, self)) return *code;
    open_standard_descriptors();
    report::program("runsvchdir");
    if (argc < 2) return report::usage("dir", 1);
    if (argv[1][0] == '.') return refuse(argv[1], "must not start with a dot.");

    const char* place = std::getenv("RUNSVDIR");
    if (place == nullptr || place[0] == '\0') place = RUNSUITE_RUNSVDIRS;
    const auto entered = enter(place);
    return entered ? change_to(argv[1]) : report::fatal(entered.error());
}
