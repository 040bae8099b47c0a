#include "app/report.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>

#include "support/catch.hpp"

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
              code = report::fatal({"open supervise/lock", EACCES});
          }) == "runsv web: fatal: unable to open supervise/lock: access denied\n");
    CHECK(code == 111);
    CHECK(said([&] {
              code = report::fatal({"open", ENOENT}, "a file", 100);
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

TEST_CASE("lines that may be dropped are when standard error is full, and come again when it is read")
{
    report::program("runsvdir");
    report::drop_lines_when_full();
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
    const std::string bytes(4096, 'x');
    while (::write(ends[1], bytes.data(), bytes.size()) > 0) continue;
    ::fcntl(ends[1], F_SETFL, 0);
    const int saved = ::dup(2);
    ::dup2(ends[1], 2);
    const auto start = std::chrono::steady_clock::now();
    for (int line = 0; line < 100; ++line) report::inform("nobody hears this");
    const auto took = std::chrono::steady_clock::now() - start;
    std::string text(1 << 20, 0);
    while (::read(ends[0], text.data(), text.size()) > 0) continue;
    report::inform("somebody is back");
    const ssize_t count = ::read(ends[0], text.data(), text.size());
    ::dup2(saved, 2);
    for (const int fd : {saved, ends[0], ends[1]}) ::close(fd);
    CHECK(took < std::chrono::seconds(2));
    CHECK(text.substr(0, std::size_t(std::max<ssize_t>(count, 0))) == "runsvdir: somebody is back\n");
}
