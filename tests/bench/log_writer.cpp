// log_writer write LINES SIZE BLOCK: writes LINES numbered lines of SIZE bytes to standard output, in blocks of at
// most BLOCK bytes, or each on its own when BLOCK is 0.
// log_writer latency ROUNDS FILE: writes ROUNDS lines to standard output one by one, each when FILE has got the one
// before, and prints the median of the nanoseconds until FILE had it to standard error.
// log_writer copy: copies standard input to standard output in large blocks.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

void put(const char* bytes, std::size_t size)
{
    while (size > 0) {
        const ssize_t count = ::write(STDOUT_FILENO, bytes, size);
        if (count <= 0) std::exit(1);
        bytes += count;
        size -= static_cast<std::size_t>(count);
    }
}

void write_lines(long lines, std::size_t size, std::size_t block)
{
    std::string pattern(size, 'x');
    pattern.back() = '\n';
    std::string many;
    const std::size_t per_write = block == 0 ? 1 : std::max<std::size_t>(1, block / size);
    for (std::size_t line = 0; line < per_write; ++line) many += pattern;
    for (long done = 0; done < lines; done += static_cast<long>(per_write)) {
        const auto count = std::min<std::size_t>(per_write, static_cast<std::size_t>(lines - done));
        for (std::size_t line = 0; line < count; ++line) {
            char* at = many.data() + line * size;
            long number = done + static_cast<long>(line);
            for (int place = 9; place >= 0; --place, number /= 10)
                at[place] = static_cast<char>('0' + number % 10);
        }
        put(many.data(), count * size);
    }
}

void copy()
{
    std::vector<char> block(256 * 1024);
    ::fcntl(STDIN_FILENO, F_SETPIPE_SZ, static_cast<int>(block.size()));
    for (ssize_t count; (count = ::read(STDIN_FILENO, block.data(), block.size())) > 0;)
        put(block.data(), static_cast<std::size_t>(count));
}

off_t size_of(int fd)
{
    struct stat about {};
    return ::fstat(fd, &about) == 0 ? about.st_size : 0;
}

void measure_latency(int rounds, const char* name)
{
    using clock = std::chrono::steady_clock;
    int fd = -1;
    while ((fd = ::open(name, O_RDONLY)) < 0) ::usleep(1000);
    ::usleep(50000);
    std::vector<long> took;
    for (int round = 0; round < rounds; ++round) {
        ::usleep(200);
        const off_t before = size_of(fd);
        const auto start = clock::now();
        put("a line to wait for\n", 19);
        while (size_of(fd) == before) {
        }
        took.push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(clock::now() - start).count());
    }
    std::sort(took.begin(), took.end());
    std::fprintf(stderr, "%ld\n", took[took.size() / 2]);
}

}  // namespace

int main(int argc, char* argv[])
{
    if (argc == 5 && std::strcmp(argv[1], "write") == 0) {
        write_lines(std::atol(argv[2]), std::stoul(argv[3]), std::stoul(argv[4]));
    } else if (argc == 4 && std::strcmp(argv[1], "latency") == 0) {
        measure_latency(std::atoi(argv[2]), argv[3]);
    } else if (argc == 2 && std::strcmp(argv[1], "copy") == 0) {
        copy();
    } else {
        return 1;
    }
}
