// A host of udp that is given by its name, with a name server that answers when the test wants it to.
#include <netdb.h>

#include <chrono>

#include "scenario/svlogd_fixture.hpp"
#include "scenario/svlogd_receiver.hpp"
#include "support/fixed_path.hpp"

using namespace support;

namespace {

const std::string failure = "warning: failure sending through udp: ";

// svlogd in an /etc that has nothing but the way to the name server.
class Network {
public:
    Network()
    {
        if (!can_mount()) return;
        if (!server.is_open) WARN("skipped: no name server can be had here");
        is_there = server.is_open;
    }
    StartSpec spec(const LogTree& tree, const std::string& input = "fifo") const
    {
        tree.file("resolv.conf", "nameserver " + server.address + "\noptions timeout:30 attempts:1\n");
        return with_link(tree.spec({}, input), "/etc", "resolv.conf", tree.path("resolv.conf"));
    }
    bool is_asked() const
    {
        return eventually([&] { return server.was_asked(); });
    }

    NameServer server;
    bool is_there = false;
};

// Lets the search for a name end.
void answer(const Network& network, const Running& svlogd, bool knows)
{
    const auto pid = svlogd.process->pid();
    REQUIRE(eventually([&] { return network.server.answers(knows); }));
    REQUIRE(eventually([&] {
        network.server.answers(knows);  // it may ask for more than one kind of address
        return children_of(pid).empty();
    }));
}

double seconds_since(std::chrono::steady_clock::time_point moment)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - moment).count();
}

// What is in the fifo of `tree` now; the fifo is kept by an opened end of it.
class Rest {
public:
    explicit Rest(const LogTree& tree) : fd_(::open(tree.path("fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC))
    {
    }
    ~Rest() { ::close(fd_); }
    std::string read() const
    {
        char text[4096];
        const auto size = ::read(fd_, text, sizeof text);
        return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : "";
    }

private:
    int fd_;
};

}  // namespace

TEST_CASE("lines wait while the name of a host is looked up, and are sent when it is found")
{
    const Network network;
    if (!network.is_there) return;
    Receiver receiver;
    LogTree tree{"Ulogs.example:" + receiver.port + "\n"};
    Running svlogd{tree, network.spec(tree)};
    svlogd.write(lines(1, 2));
    answer(network, svlogd, true);
    CHECK(receiver.next() == lines(1, 1));
    CHECK(receiver.next() == lines(2, 2));
    CHECK(svlogd.finish().err.empty());
    CHECK(tree.current().empty());
}

TEST_CASE("what has come before the end of input is sent too, when the name is found in time")
{
    const Network network;
    if (!network.is_there) return;
    Receiver receiver;
    LogTree tree{"Ulogs.example:" + receiver.port + "\n"};
    Running svlogd{tree, network.spec(tree)};
    svlogd.write(lines(1, 1));
    svlogd.close();
    REQUIRE(eventually([&] {
        network.server.answers(true);
        return !svlogd.process->is_running();
    }));
    CHECK(receiver.next() == lines(1, 1));
    CHECK(svlogd.finish().code == 0);
    CHECK(tree.current().empty());
}

TEST_CASE(
    "a name server that is silent holds lines up for five seconds, and then it is told that they are not sent")
{
    const Network network;
    if (!network.is_there) return;
    for (const bool ends : {false, true}) {
        LogTree tree{"Ulogs.example:9\n"};
        const auto begin = std::chrono::steady_clock::now();
        Running svlogd{tree, network.spec(tree)};
        svlogd.write("one\n");
        if (ends) svlogd.close();
        REQUIRE(eventually([&] { return tree.current() == failure + "one\n"; }));
        CHECK(seconds_since(begin) > 4.9);
        CHECK(seconds_since(begin) < 15);
        if (ends) continue;
        svlogd.write("two\n");
        CHECK(eventually([&] { return tree.current() == failure + "one\n" + failure + "two\n"; }));
        const auto searcher = children_of(svlogd.process->pid());
        REQUIRE(searcher.size() == 1);
        CHECK(svlogd.finish().code == 0);
        CHECK(eventually([&] { return !is_alive(searcher[0]); }));
    }
}

TEST_CASE("TERM ends it at once while a name is looked up, and what it has not read is left in the pipe")
{
    const Network network;
    if (!network.is_there) return;
    LogTree tree{"Ulogs.example:9\n"};
    Running svlogd{tree, network.spec(tree)};
    const Rest rest{tree};
    svlogd.write("one\n");
    REQUIRE(network.is_asked());
    const auto searcher = children_of(svlogd.process->pid());
    const auto begin = std::chrono::steady_clock::now();
    svlogd.process->signal(SIGTERM);
    CHECK(svlogd.process->wait().code == 0);
    CHECK(seconds_since(begin) < 4);
    CHECK(rest.read() == "one\n");
    REQUIRE(searcher.size() == 1);
    CHECK(eventually([&] { return !is_alive(searcher[0]); }));
}

TEST_CASE("TERM and HUP are answered while a name is looked up, and a line that was begun is not lost")
{
    const Network network;
    if (!network.is_there) return;
    LogTree tree{"n5\n"};
    Running svlogd{tree, network.spec(tree)};
    svlogd.write("before\nhalf ");
    REQUIRE(eventually([&] { return tree.current() == "before\nhalf "; }));
    tree.file("log/config", "ulogs.example:9\n");
    svlogd.process->signal(SIGHUP);
    REQUIRE(network.is_asked());
    tree.file("log/config", "ulogs.example:9\npP: \n");
    svlogd.process->signal(SIGHUP);
    REQUIRE(network.is_asked());
    REQUIRE(eventually([&] { return children_of(svlogd.process->pid()).size() == 1; }));
    svlogd.write("a line\nnext\n");
    const auto begin = std::chrono::steady_clock::now();
    svlogd.process->signal(SIGTERM);
    CHECK(svlogd.process->wait().code == 0);
    CHECK(seconds_since(begin) < 4);
    CHECK(tree.current() == "before\nhalf a line\n");
}

TEST_CASE("HUP with an address in digits ends the search for a name, and nothing waits for it")
{
    const Network network;
    if (!network.is_there) return;
    Receiver receiver;
    LogTree tree{"Ulogs.example:9\n"};
    Running svlogd{tree, network.spec(tree)};
    svlogd.write("one\n");
    REQUIRE(network.is_asked());
    tree.file("log/config", "U127.0.0.1:" + receiver.port + "\n");
    svlogd.process->signal(SIGHUP);
    CHECK(receiver.next() == "one\n");
    CHECK(eventually([&] { return children_of(svlogd.process->pid()).empty(); }));
    CHECK(svlogd.finish().err.empty());
    CHECK(tree.current().empty());
}

TEST_CASE("a name that is not found is told once, its lines are in the log, and it is looked up again by itself")
{
    const Network network;
    if (!network.is_there) return;
    Receiver receiver;
    LogTree tree{"Ulogs.example:" + receiver.port + "\n"};
    Running svlogd{tree, network.spec(tree)};
    svlogd.write("one\n");
    answer(network, svlogd, false);
    REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
    answer(network, svlogd, false);
    const auto told = "svlogd: warning: unable to find udp address: logs.example: address not available\n";
    CHECK(svlogd.process->err() == told);
    answer(network, svlogd, true);
    svlogd.write("two\n");
    CHECK(receiver.next() == "two\n");
    CHECK(svlogd.finish().err == told);
    CHECK(tree.current() == "one\n");
}

TEST_CASE("who looks a name up holds neither the input nor the log, and no signal is kept from it")
{
    const Network network;
    if (!network.is_there) return;
    LogTree tree{"Ulogs.example:9\n"};
    Running svlogd{tree, network.spec(tree)};
    REQUIRE(network.is_asked());
    const auto searcher = children_of(svlogd.process->pid());
    REQUIRE(searcher.size() == 1);
    for (const int fd : descriptors_of(searcher[0])) {
        const auto link = "/proc/" + std::to_string(searcher[0]) + "/fd/" + std::to_string(fd);
        const std::string file = std::filesystem::read_symlink(link);
        INFO(fd << " is " << file);
        CHECK((file.rfind("pipe:", 0) == 0 || file.rfind("socket:", 0) == 0));
    }
    const auto caught = std::stoull(proc_field(searcher[0], "SigCgt"), nullptr, 16);
    for (const int signal : {SIGTERM, SIGHUP, SIGALRM, SIGCHLD}) CHECK((caught >> (signal - 1) & 1) == 0);
    const auto blocked = std::stoull(proc_field(searcher[0], "SigBlk"), nullptr, 16);
    CHECK((blocked & ~std::stoull(proc_field(::getpid(), "SigBlk"), nullptr, 16)) == 0);
}

TEST_CASE("several logs look their hosts up at the same time")
{
    const Network network;
    if (!network.is_there) return;
    Receiver receiver;
    LogTree tree{"Ulogs.example:" + receiver.port + "\n"};
    tree.file("other/config", "U127.0.0.1:" + receiver.port + "\npother: \n");
    tree.file("third/config", "Uthird.example:" + receiver.port + "\npthird: \n");
    auto spec = network.spec(tree);
    spec.argv.push_back(tree.path("other"));
    spec.argv.push_back(tree.path("third"));
    Running svlogd{tree, spec};
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return children_of(svlogd.process->pid()).size() == 2; }));
    answer(network, svlogd, true);
    std::vector<std::string> got{receiver.next(), receiver.next(), receiver.next()};
    std::sort(got.begin(), got.end());
    CHECK(got == std::vector<std::string>{"one\n", "other: one\n", "third: one\n"});
    CHECK(svlogd.finish().code == 0);
}

TEST_CASE("a name of /etc/hosts costs no line its way through udp")
{
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo("localhost", nullptr, &wanted, &found) != 0) {
        WARN("skipped: nobody knows localhost here");
        return;
    }
    const Receiver receiver{found->ai_family};
    ::freeaddrinfo(found);
    LogTree tree{"Ulocalhost:" + receiver.port + "\n"};
    Running svlogd{tree};
    svlogd.write(lines(1, 1));
    CHECK(svlogd.finish().code == 0);
    CHECK(receiver.next() == lines(1, 1));
    CHECK(tree.current().empty());
}
