#include "app/report.hpp"
#include "app/kept_lines.hpp"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <string>
#include <thread>

#include "support/catch.hpp"
#include "support/eventually.hpp"

using namespace runsuite;

namespace {

// What `speak` writes to standard error; each write(2) is one packet, so a line in pieces would show.
std::string said(const std::function<void()>& speak)
{
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC | O_DIRECT) == 0);
    const int saved = ::dup(2);
    ::dup2(ends[1], 2);
    speak();
    ::dup2(saved, 2);
    ::close(saved);
    ::close(ends[1]);
    std::string text;
    char buffer[4096];
    int packets = 0;
    for (ssize_t count; (count = ::read(ends[0], buffer, sizeof buffer)) > 0; ++packets) {
        text.append(buffer, static_cast<std::size_t>(count));
    }
    ::close(ends[0]);
    CHECK(packets == 1);
    return text;
}

}  // namespace

TEST_CASE("a fatal line names program, subject, what failed and why, and gives the exit code")
{
    report::program("runsv", "web");
    int code = 0;
    CHECK(said([&] {
              code = report::fatal(Error{"open supervise/lock", EACCES});
          }) == "runsv web: fatal: unable to open supervise/lock: access denied\n");
    CHECK(code == 111);
    CHECK(said([&] {
              code = report::fatal(Error{"open", ENOENT}, "a file", 100);
          }) == "runsv web: fatal: unable to open a file: file does not exist\n");
    CHECK(code == 100);
}

TEST_CASE("without a subject the program stands alone")
{
    report::program("sv");
    CHECK(said([] {
              report::warn(Error{"read status", EIO});
          }) == "sv: warning: unable to read status: input/output error\n");
    CHECK(said([] {
              report::warn(Error{"open", EPERM}, "it");
          }) == "sv: warning: unable to open it: permission denied\n");
    CHECK(said([] { report::warn("words of its own"); }) == "sv: warning: words of its own\n");
    CHECK(said([] { report::inform("words of its own"); }) == "sv: words of its own\n");
}

TEST_CASE("an error without a number has no reason")
{
    report::program("sv");
    CHECK(said([] {
              report::warn(Error{"understand the number", 0});
          }) == "sv: warning: unable to understand the number\n");
}

TEST_CASE("usage is the synopsis and an empty line, with the exit code that is given")
{
    report::program("runsv");
    int code = 0;
    CHECK(said([&] { code = report::usage("dir", 1); }) == "usage: runsv dir\n\n");
    CHECK(code == 1);
}

TEST_CASE("a control character in a name never makes a second line")
{
    report::program("runsv", "a\nfatal: b\x1b[31m\x7f");
    CHECK(said([] { report::inform("x"); }) == "runsv a?fatal: b?[31m?: x\n");
    report::program("runsv");
    CHECK(said([] {
              report::warn(Error{"open", ENOENT}, "tab\there");
          }) == "runsv: warning: unable to open tab?here: file does not exist\n");
}

TEST_CASE("letters beyond ASCII in a name stay")
{
    report::program("runsv", "d\xc3\xbcrr");
    CHECK(said([] { report::inform("x"); }) == "runsv d\xc3\xbcrr: x\n");
}

TEST_CASE("a long name is cut, the reason after it is not")
{
    report::program("sv");
    const std::string name(600, 'n');
    const std::string line = said([&] { report::warn(Error{"open", ENOENT}, name); });
    CHECK(line == "sv: warning: unable to open " + name.substr(0, 512) + "...: file does not exist\n");
}

TEST_CASE("a line that is cut keeps its newline")
{
    report::program("sv");
    const std::string text(5000, 't');
    const std::string line = said([&] { report::inform(text); });
    CHECK(line.size() == 1400);
    CHECK(line.back() == '\n');
}

TEST_CASE("reasons are the reference's words, and every error has some")
{
    CHECK(std::string(report::reason(ENXIO)) == "device not configured");
    CHECK(std::string(report::reason(EAGAIN)) == "temporary failure");
    CHECK(std::string(report::reason(ENOTSOCK)) == "not a socket");
    CHECK(std::string(report::reason(32000)) == "unknown error");
}

TEST_CASE("a standard error that is closed is no harm")
{
    report::program("sv");
    const int saved = ::dup(2);
    ::close(2);
    report::inform("nobody hears this");
    ::dup2(saved, 2);
    ::close(saved);
    SUCCEED();
}

namespace {

// Standard error is a pipe that is full until it is read.
class FullStandardError {
public:
    FullStandardError()
    {
        REQUIRE(::pipe2(ends_, O_CLOEXEC | O_NONBLOCK) == 0);
        const std::string bytes(4096, 'x');
        while (::write(ends_[1], bytes.data(), bytes.size()) > 0) continue;
        ::fcntl(ends_[1], F_SETFL, 0);
        ::dup2(ends_[1], 2);
    }
    FullStandardError(const FullStandardError&) = delete;
    FullStandardError& operator=(const FullStandardError&) = delete;
    ~FullStandardError()
    {
        ::dup2(saved_, 2);
        for (const int fd : {saved_, ends_[0], ends_[1]}) ::close(fd);
    }

    std::string read(std::size_t most = 1 << 20)
    {
        std::string text(most, 0);
        std::size_t size = 0;
        ssize_t count = 0;
        while (size < most && (count = ::read(ends_[0], text.data() + size, most - size)) > 0)
            size += static_cast<std::size_t>(count);
        text.resize(size);
        return text;
    }

private:
    int saved_ = ::dup(2);
    int ends_[2];
};

}  // namespace

TEST_CASE("a supervisor's line that standard error has no room for is kept, and written in its turn when there is")
{
    report::program("runsvdir");
    report::keep_lines_when_full();
    CHECK(report::kept_lines().fd == -1);
    FullStandardError standard_error;
    const auto start = std::chrono::steady_clock::now();
    report::inform("one");
    CHECK(report::fatal(Error{"start", ENOENT}, "./run") == 111);  // for a child: the program goes on
    report::write_kept_lines();
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::milliseconds(150));
    CHECK(report::kept_lines().fd == 2);
    CHECK(report::kept_lines().events == POLLOUT);
    standard_error.read();
    report::inform("three");
    CHECK(standard_error.read() == "");  // after those before it
    report::write_kept_lines();
    CHECK(standard_error.read() ==
          "runsvdir: one\nrunsvdir: fatal: unable to start ./run: file does not exist\nrunsvdir: three\n");
    CHECK(report::kept_lines().fd == -1);
    report::inform("four");
    CHECK(standard_error.read() == "runsvdir: four\n");
}

TEST_CASE("a terminal that is not read, with room for a part of a line, holds up no supervisor")
{
    report::program("runsvdir");
    report::keep_lines_when_full();
    const int screen = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    REQUIRE((screen >= 0 && ::grantpt(screen) == 0 && ::unlockpt(screen) == 0));
    const int terminal = ::open(::ptsname(screen), O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(terminal >= 0);
    const int saved = ::dup(2);
    ::dup2(terminal, 2);
    const std::string long_text(1000, 't');
    auto said = std::async(std::launch::async, [&] {
        for (int line = 0; line < 60; ++line) report::inform(long_text);
    });
    const bool was_held_up = said.wait_for(std::chrono::seconds(5)) != std::future_status::ready;
    std::string text;
    const auto shown = [&](std::size_t lines) {
        char bytes[4096];
        for (ssize_t count; (count = ::read(screen, bytes, sizeof bytes)) > 0;)
            text.append(bytes, static_cast<std::size_t>(count));
        return std::size_t(std::count(text.begin(), text.end(), '\n')) >= lines;
    };
    while (said.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) shown(60);
    CHECK(support::eventually([&] {
        report::write_kept_lines();
        return shown(60);
    }));
    ::dup2(saved, 2);
    for (const int fd : {saved, terminal, screen}) ::close(fd);
    CHECK_FALSE(was_held_up);
    CHECK(report::kept_lines().fd == -1);
    std::string whole;
    for (int line = 0; line < 60; ++line) whole += "runsvdir: " + long_text + "\r\n";
    CHECK((text == whole));  // not shown where it is not: it is long
}

TEST_CASE("of lines that there is no room to keep the number is said")
{
    report::program("runsvdir");
    report::keep_lines_when_full();
    FullStandardError standard_error;
    const std::string long_text(1000, 't');
    for (int line = 0; line < 70; ++line) report::inform(long_text);
    report::inform("a short one, which would stand before what is lost");
    standard_error.read();
    std::string text;
    while (report::kept_lines().fd >= 0) {
        report::write_kept_lines();
        text += standard_error.read();
    }
    CHECK(std::count(text.begin(), text.end(), 't') >= 64000);
    CHECK(text.ends_with("t\nrunsvdir: warning: unable to write 7 lines: standard error was full\n"));
    report::write_kept_lines();
    CHECK(standard_error.read() == "");
}

TEST_CASE("at its end a supervisor gives what it has kept a moment more, however slowly it is read")
{
    report::program("runsvdir");
    report::keep_lines_when_full();
    FullStandardError standard_error;
    const std::string long_text(1000, 't');
    for (int line = 0; line < 50; ++line) report::inform(long_text);
    std::string text;
    std::atomic<bool> is_over = false;
    std::thread reader([&] {
        while (!is_over) text += standard_error.read(4096);
    });
    CHECK(report::last_words(report::fatal(Error{"open", ENOENT})) == 111);
    is_over = true;
    reader.join();
    text += standard_error.read();
    CHECK(std::count(text.begin(), text.end(), 't') >= 50000);
    CHECK(text.ends_with("t\nrunsvdir: fatal: unable to open: file does not exist\n"));
}
