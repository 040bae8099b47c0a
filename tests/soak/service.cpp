// A service that bears witness, in files of its own directory:
//
//   mark     locked for life: whoever finds it locked is a second copy
//   written  eight bytes for each start so far: how many lines that start has written, noted after each write
//   faults   what must never happen, a line each: a second copy, a SIGPIPE, an output that cannot be written
//
// Its lines are "START NUMBER" and some padding: what is lost, doubled or out of order can be told from the log. Once
// there is a file `enough` it writes "START end", and stays.
//
//   soak-service [-r MS] [-e MS] [-c CODE] [-i MS] [-l SECONDS]
//     -r   pause after each line, 20 by default          -e   ends by itself after so long, with the code of -c
//     -i   ends so long after a TERM                     -l   leaves a child behind, for so long
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
    int pause = 20;
    int ends_after = 0;
    int code = 0;
    int ends_slowly = 0;
    const char* leaves_child = nullptr;
};

volatile sig_atomic_t told_to_end = 0;

int open_here(const char* name, int flags)
{
    return ::open(name, flags | O_CREAT | O_CLOEXEC, 0644);
}

void note_fault(const char* what)
{
    const int fd = open_here("faults", O_WRONLY | O_APPEND);
    char line[160];
    const int size =
        std::snprintf(line, sizeof line, "%s: pid %d, errno %d\n", what, static_cast<int>(::getpid()), errno);
    if (::write(fd, line, static_cast<std::size_t>(size)) < 0) std::_Exit(112);
    ::close(fd);
}

// A child that was just left has the lock until it becomes another program: that is a matter of milliseconds.
void take_mark()
{
    const int fd = open_here("mark", O_RDWR);
    for (int look = 0; look < 100; ++look) {
        if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return;
        ::poll(nullptr, 0, 2);
    }
    note_fault("a second copy");
    std::_Exit(113);
}

// The number of this start: there are as many as there are counts.
std::uint64_t begin_counting(int counts)
{
    struct stat about {};
    const std::uint64_t none = 0;
    if (::fstat(counts, &about) < 0 || ::pwrite(counts, &none, sizeof none, about.st_size) < 0) std::_Exit(112);
    return static_cast<std::uint64_t>(about.st_size) / sizeof none + 1;
}

void put(const char* line, int size)
{
    if (::write(1, line, static_cast<std::size_t>(size)) == size) return;
    note_fault(errno == EPIPE ? "nobody reads the output (SIGPIPE)" : "the output cannot be written");
    std::_Exit(114);
}

void leave_child(const char* seconds)
{
    if (::fork() != 0) return;
    ::setsid();
    ::execlp("sleep", "sleep", seconds, nullptr);
    std::_Exit(127);
}

[[noreturn]] void stay()
{
    for (;;) ::pause();
}

bool is_over(Clock::time_point begin, int span)
{
    return Clock::now() - begin >= std::chrono::milliseconds(span);
}

[[noreturn]] void write_lines(const Options& options)
{
    const int counts = open_here("written", O_RDWR);
    const auto begin = Clock::now();
    const auto start = begin_counting(counts);
    Clock::time_point told;
    char line[128];
    for (std::uint64_t number = 1;; ++number) {
        const int size =
            std::snprintf(line, sizeof line, "%llu %llu of a line with some padding behind it\n",
                          static_cast<unsigned long long>(start), static_cast<unsigned long long>(number));
        put(line, size);
        if (::pwrite(counts, &number, sizeof number, static_cast<off_t>((start - 1) * sizeof number)) < 0)
            std::_Exit(112);
        if (told_to_end != 0 && told == Clock::time_point{}) told = Clock::now();
        if (told != Clock::time_point{} && is_over(told, options.ends_slowly)) std::_Exit(0);
        if (options.ends_after != 0 && is_over(begin, options.ends_after)) std::_Exit(options.code);
        if (::access("enough", F_OK) == 0) {
            std::signal(SIGTERM, SIG_DFL);
            put(line, std::snprintf(line, sizeof line, "%llu end\n", static_cast<unsigned long long>(start)));
            stay();
        }
        ::poll(nullptr, 0, options.pause);
    }
}

Options parse(int argc, char* argv[])
{
    Options options;
    for (int letter; (letter = ::getopt(argc, argv, "r:e:c:i:l:")) != -1;) {
        switch (letter) {
            case 'r': options.pause = std::atoi(optarg); break;
            case 'e': options.ends_after = std::atoi(optarg); break;
            case 'c': options.code = std::atoi(optarg); break;
            case 'i': options.ends_slowly = std::atoi(optarg); break;
            case 'l': options.leaves_child = optarg; break;
            default: std::_Exit(100);
        }
    }
    return options;
}

}  // namespace

int main(int argc, char* argv[])
{
    const Options options = parse(argc, argv);
    take_mark();
    std::signal(SIGPIPE, SIG_IGN);
    if (options.ends_slowly != 0) std::signal(SIGTERM, [](int) { told_to_end = 1; });
    if (options.leaves_child != nullptr) leave_child(options.leaves_child);
    write_lines(options);
}
