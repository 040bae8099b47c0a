#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <regex>

#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/tree.hpp"

namespace {

support::StartSpec quickstart(const support::Tree& tree, const char* option = nullptr)
{
    support::path_with_programs(tree.path("bin"));
    tree.directory("tmp");
    support::StartSpec spec;
    spec.argv = {"/bin/sh", std::string(RUNSUITE_SOURCE) + "/examples/quickstart.sh"};
    if (option != nullptr) spec.argv.push_back(option);
    spec.environment = {{"RUNSUITE_PROGRAMS", tree.path("bin")}, {"TMPDIR", tree.path("tmp")}};
    spec.join_output = true;
    return spec;
}

std::string match(const std::string& text, const char* pattern)
{
    std::smatch found;
    const bool matches = std::regex_search(text, found, std::regex(pattern));
    INFO(pattern << " in: " << text);
    CHECK(matches);
    return found.size() > 1 ? found[1].str() : "";
}

// The page that a server on this machine gives, "" when nobody listens.
std::string page_of(const std::string& port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<in_port_t>(std::stoi(port)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string text;
    const std::string request = "GET /index.html HTTP/1.0\r\n\r\n";
    if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
        ::write(fd, request.data(), request.size()) > 0) {
        char buffer[1024];
        for (ssize_t count; (count = ::read(fd, buffer, sizeof buffer)) > 0;) {
            text.append(buffer, static_cast<std::size_t>(count));
        }
    }
    ::close(fd);
    return text;
}

void check_nothing_is_left(const support::Tree& tree)
{
    const auto left = support::children_of(::getpid());  // orphans too; nobody has reaped those that ended
    CHECK(std::none_of(left.begin(), left.end(), support::is_alive));
    CHECK(std::filesystem::is_empty(tree.path("tmp")));
}

constexpr std::chrono::seconds long_enough{60};

}  // namespace

TEST_CASE("the quickstart shows every service, restarts one and leaves nothing behind", "[shared]")
{
    support::Tree tree;
    const auto finished = support::run(quickstart(tree, "--once"), long_enough);
    CHECK(finished.code == 0);
    const auto before = match(finished.out, "\nrun: web: \\(pid ([0-9]+)\\) [0-9]+s\n");
    match(finished.out, "\nrun: worker: \\(pid [0-9]+\\) [0-9]+s");
    match(finished.out, "\nrun: logged: \\(pid [0-9]+\\) [0-9]+s; run: log: \\(pid [0-9]+\\) [0-9]+s\n");
    match(finished.out, "\ndown: nightly: [0-9]+s\n");
    const auto after = match(finished.out, "\nok: run: web: \\(pid ([0-9]+)\\) [0-9]+s\n");
    if (!support::is_reference("sv"))
        CHECK(after != before);  // within a second the reference takes the old one for new
    match(finished.out, "export SVDIR=/");
    check_nothing_is_left(tree);
}

TEST_CASE("the quickstart serves a page until Ctrl-C, and then ends everything it started", "[shared]")
{
    const int signal = GENERATE(SIGINT, SIGTERM);
    support::Tree tree;
    support::Process process{quickstart(tree)};
    REQUIRE(
        support::eventually([&] { return process.out().find("until Ctrl-C") != std::string::npos; }, long_enough));
    const std::string port = match(process.out(), "http://127.0.0.1:([0-9]+)/");
    CHECK(support::eventually([&] { return page_of(port).find("kept alive by runsv") != std::string::npos; }));
    // The last of the next steps: a service of one's own.
    const std::string mine = match(process.out(), "export SVDIR=(/[^ ]+) ") + "/mine";
    tree.script("mine/run", support::stay);
    std::filesystem::rename(tree.path("mine"), mine);
    CHECK(support::eventually([&] { return support::pid_in(mine) != 0; }, long_enough));
    process.signal(signal);
    CHECK(process.wait(long_enough).code == 0);
    check_nothing_is_left(tree);
}
