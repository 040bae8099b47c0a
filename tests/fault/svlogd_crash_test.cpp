// svlogd and its writer killed at random moments; much and strange input.
#include <sys/ioctl.h>
#include <sys/wait.h>

#include <cstdlib>
#include <random>
#include <thread>

#include "scenario/svlogd_fixture.hpp"

using namespace support;

namespace {

constexpr std::size_t line_size = 20;

// Every line has the same size, so that a torn one shows.
std::string numbered(int first, int count)
{
    std::string text;
    for (int number = first; number < first + count; ++number) {
        std::string digits = std::to_string(number);
        text += "line " + std::string(9 - digits.size(), '0') + digits + " end.\n";
    }
    return text;
}

struct Pipe {
    int reading = -1;
    int writing = -1;

    explicit Pipe(int flags = 0)
    {
        int ends[2];
        REQUIRE(::pipe2(ends, O_CLOEXEC | flags) == 0);
        reading = ends[0];
        writing = ends[1];
    }
    ~Pipe()
    {
        ::close(reading);
        if (writing >= 0) ::close(writing);
    }
    bool is_empty() const
    {
        int left = 0;
        return ::ioctl(reading, FIONREAD, &left) == 0 && left == 0;
    }
    // For a process of ours to open.
    std::string name() const { return "/proc/self/fd/" + std::to_string(reading); }
};

StartSpec fed_by(const LogTree& tree, const Pipe& pipe, std::vector<std::string> arguments = {})
{
    auto spec = tree.spec(std::move(arguments), "unused");
    spec.input = pipe.name();
    return spec;
}

// It has become svlogd and knows TERM: before that, the signal would meet this test program's own handlers.
bool knows_term(pid_t pid)
{
    if (proc_field(pid, "Name") != "svlogd") return false;
    const auto caught = proc_field(pid, "SigCgt");
    return !caught.empty() && (std::stoull(caught, nullptr, 16) & 1U << (SIGTERM - 1)) != 0;
}

struct Account {
    int whole = 0;      // complete lines
    int fragments = 0;  // pieces of torn lines
    int gaps = 0;       // places where numbers are missing
    bool in_order = true;
    int last = 0;
};

Account account_of(const std::string& text)
{
    Account account;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = text.substr(at, end - at) + "\n";
        at = end + 1;
        int number = 0;
        const bool is_whole = line.size() == line_size && line.rfind("line ", 0) == 0 &&
                              (number = std::atoi(line.c_str() + 5)) > 0 && line == numbered(number, 1);
        if (!is_whole) {
            ++account.fragments;
            continue;
        }
        ++account.whole;
        account.in_order = account.in_order && number > account.last;
        if (number != account.last + 1) ++account.gaps;
        account.last = number;
    }
    return account;
}

int rounds(int standard)
{
    const char* given = std::getenv("RUNSUITE_ROUNDS");
#ifdef RUNSUITE_SANITIZED
    standard /= 5;
#endif
    return given != nullptr ? std::atoi(given) : standard;
}

// How much goes through, at most: 10000 for the whole run by hand.
std::size_t megabytes(std::size_t standard, std::size_t most)
{
    const char* given = std::getenv("RUNSUITE_MEGABYTES");
    return 1000000 * (given != nullptr ? std::min<std::size_t>(std::stoul(given), most) : standard);
}

}  // namespace

TEST_CASE("killed at any moment while lines come, it loses at most one block and doubles no line")
{
    std::mt19937 random{20261120};
    const int total = rounds(1000);
    for (int round = 0; round < total; ++round) {
        LogTree tree;
        const Pipe pipe{O_NONBLOCK};
        auto svlogd = std::make_unique<Process>(fed_by(
            tree, pipe, round % 2 == 0 ? std::vector<std::string>{"-b", "1100"} : std::vector<std::string>{}));
        int written = 0;
        const auto kill_at = std::chrono::steady_clock::now() + std::chrono::microseconds(random() % 4000);
        while (std::chrono::steady_clock::now() < kill_at) {
            const int count = 1 + static_cast<int>(random() % 50);
            const auto text = numbered(written + 1, count);
            if (::write(pipe.writing, text.data(), text.size()) != static_cast<ssize_t>(text.size())) break;
            written += count;
        }
        svlogd->signal(SIGKILL);
        svlogd.reset();
        Process successor{fed_by(tree, pipe)};
        REQUIRE(eventually([&] { return pipe.is_empty() && knows_term(successor.pid()); }));
        successor.signal(SIGTERM);
        REQUIRE(successor.wait().code == 0);
        const auto account = account_of(tree.everything());
        INFO("round " << round << ", written " << written << ", whole " << account.whole);
        REQUIRE(account.in_order);
        REQUIRE(account.fragments <= 2);
        REQUIRE(account.gaps <= 1);
        REQUIRE(static_cast<std::size_t>(written - account.whole) * line_size <= 256 * 1024 + 2 * line_size);
    }
}

TEST_CASE("killed while it waits, it loses nothing, not even of an unfinished line")
{
    for (int round = 0; round < rounds(50); ++round) {
        LogTree tree;
        const Pipe pipe;
        auto svlogd = std::make_unique<Process>(fed_by(tree, pipe));
        const auto text = numbered(1, 100) + "half a li";
        REQUIRE(::write(pipe.writing, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
        REQUIRE(eventually([&] { return tree.current() == text; }));
        svlogd->signal(SIGKILL);
        svlogd.reset();
        CHECK(tree.everything() == text);
    }
}

TEST_CASE("when its writer is killed, all that the writer has written is there")
{
    std::mt19937 random{3};
    const int total = rounds(1000);
    for (int round = 0; round < total; ++round) {
        LogTree tree;
        Pipe pipe;
        Process svlogd{fed_by(tree, pipe, {"-l", "100", "-b", "200"})};
        const pid_t writer = ::fork();
        if (writer == 0) {
            for (int number = 1;; number += 7) {
                const auto text = numbered(number, 7);
                for (std::size_t at = 0; at < text.size(); at += 33) {
                    const auto part = text.substr(at, 33);
                    if (::write(pipe.writing, part.data(), part.size()) < 0) ::_exit(1);
                }
            }
        }
        ::usleep(static_cast<useconds_t>(random() % 2000));
        ::kill(writer, SIGKILL);
        ::waitpid(writer, nullptr, 0);
        ::close(std::exchange(pipe.writing, -1));
        REQUIRE(svlogd.wait().code == 0);
        const auto account = account_of(tree.everything());
        REQUIRE(account.in_order);
        REQUIRE(account.gaps <= (account.whole > 0 ? 1 : 0));
        REQUIRE(account.whole == account.last);
        REQUIRE(account.fragments <= 1);
    }
}

TEST_CASE("TERM under load, again and again, loses no line from one svlogd to the next")
{
    LogTree tree{"s0\n"};
    const Pipe pipe;
    constexpr int count = 200000;
    std::thread writer{[&] {
        for (int number = 1; number <= count; number += 100) {
            const auto text = numbered(number, 100);
            if (::write(pipe.writing, text.data(), text.size()) < 0) return;
        }
    }};
    for (int turn = 0; turn < 2000 && account_of(tree.current()).last < count; ++turn) {
        Process svlogd{fed_by(tree, pipe)};
        REQUIRE(eventually([&] { return knows_term(svlogd.pid()); }));
        ::usleep(2000);
        svlogd.signal(SIGTERM);
        REQUIRE(svlogd.wait().code == 0);
    }
    writer.join();
    const auto account = account_of(tree.everything());
    CHECK(account.whole == count);
    CHECK(account.fragments == 0);
    CHECK(account.in_order);
}

TEST_CASE("memory stays flat however much goes through, and comes back when nothing does")
{
    LogTree tree{"n3\n"};
    const Pipe pipe;
    Process svlogd{fed_by(tree, pipe, {"-tt"})};
    const auto anonymous = [&] { return std::stol(proc_field(svlogd.pid(), "RssAnon")); };
    const auto block = numbered(1, 3000);
    REQUIRE(eventually([&] { return tree.has("log/current"); }));
    const long before = anonymous();
    for (std::size_t done = 0; done < megabytes(200, 100000); done += block.size()) {
        REQUIRE(::write(pipe.writing, block.data(), block.size()) == static_cast<ssize_t>(block.size()));
    }
    CHECK(anonymous() < before + 800);
    CHECK(eventually([&] { return anonymous() <= before + 60; }));
    CHECK(tree.old_files().size() == 3);
}

TEST_CASE("binary garbage goes through unchanged, also by way of patterns that never match")
{
    std::mt19937_64 random{42};
    std::string garbage(megabytes(50, 500), '\0');
    for (std::size_t at = 0; at + 8 <= garbage.size(); at += 8) {
        const auto bits = random();
        std::copy_n(reinterpret_cast<const char*>(&bits), 8, garbage.begin() + static_cast<std::ptrdiff_t>(at));
    }
    garbage.back() = '\n';
    for (const std::string config : {"s0\n", "s5m\nn0\n-*not*there*\n"}) {
        LogTree tree{config};
        CHECK(tree.log(garbage).code == 0);
        CHECK((tree.everything() == garbage));
    }
}
