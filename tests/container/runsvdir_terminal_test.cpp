// The command in the foreground, on a terminal.
#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include "container/first_process.hpp"

using namespace container;

namespace {

// A runsvdir that leads the session of a terminal, and a keyboard for it.
class OnTerminal : public Services {
public:
    void launch(const std::vector<std::string>& command)
    {
        adopt_orphans();
        auto how = spec({"-g", "60", directory(), "--"});
        how.argv.insert(how.argv.end(), command.begin(), command.end());
        std::vector<char*> argv;
        for (auto& word : how.argv) argv.push_back(word.data());
        argv.push_back(nullptr);
        const std::string path = how.environment["PATH"];
        pid_ = ::forkpty(&keyboard_, nullptr, nullptr, nullptr);
        REQUIRE(pid_ >= 0);
        if (pid_ == 0) {
            ::setenv("PATH", path.c_str(), 1);
            ::setenv("ENV", "/dev/null", 1);
            if (::chdir(tree.path().c_str()) == 0) ::execv(argv[0], argv.data());
            ::_exit(127);
        }
        ::fcntl(keyboard_, F_SETFL, O_NONBLOCK);
    }
    ~OnTerminal()
    {
        if (pid_ > 0) ::kill(pid_, SIGKILL);
        ::close(keyboard_);
    }
    OnTerminal() = default;
    OnTerminal(const OnTerminal&) = delete;
    OnTerminal& operator=(const OnTerminal&) = delete;

    void type(const std::string& keys) const { REQUIRE(::write(keyboard_, keys.data(), keys.size()) > 0); }
    void signal(int number) const { ::kill(pid_, number); }
    bool has(const std::string& file) const
    {
        return eventually([&] { return !tree.read(file).empty(); });
    }
    const std::string& shown()
    {
        char bytes[512];
        for (ssize_t count; (count = ::read(keyboard_, bytes, sizeof bytes)) > 0;)
            shown_.append(bytes, std::size_t(count));
        return shown_;
    }
    int code()  // -1 when it does not end
    {
        int status = 0;
        const bool ended = eventually([&] {
            shown();
            return ::waitpid(pid_, &status, WNOHANG) == pid_;
        });
        if (ended) pid_ = -1;
        return ended && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    pid_t pid_ = -1;
    int keyboard_ = -1;
    std::string shown_;
};

}  // namespace

TEST_CASE("what is typed on the terminal, Ctrl-C too, is for the command alone")
{
    OnTerminal one;
    one.add("web", writes_when_told("web"));
    one.launch({"sh", "-c",
                "trap 'echo interrupted >got' INT; while [ ! -e started ]; do sleep 0.01; done; echo x >ready; "
                "while [ ! -e got ]; do sleep 0.01; done; read line; echo \"$line\" >line; exit 5"});
    REQUIRE(one.has("ready"));
    one.type("\003");
    REQUIRE(one.has("got"));
    CHECK_FALSE(one.tree.has("told"));
    one.type("a line\n");
    CHECK(one.code() == 5);
    CHECK(one.tree.read("line") == "a line\n");
    CHECK(one.tree.read("told") == "web\n");
}

TEST_CASE("a service that reads takes nothing of what is typed for the command")
{
    OnTerminal one;
    one.add("web", "cat >../../taken\necho x >../../end\n" + stay);
    one.launch({"sh", "-c", "read line; echo \"$line\" >line; exit 5"});
    REQUIRE(one.has("end"));  // there is nothing to read
    one.type("a line\n");
    CHECK(one.code() == 5);
    CHECK(one.tree.read("line") == "a line\n");
    CHECK(one.tree.read("taken").empty());
}

// Nothing here makes a process at the moment of the Ctrl-Z: a vfork(2) whose child is stopped stops nobody else.
TEST_CASE("a command that Ctrl-Z stops goes on, since nobody is there to have it go on")
{
    OnTerminal one;
    one.launch({"sh", "-c",
                "trap 'echo x >went-on' CONT; echo x >ready; until read line && [ -n \"$line\" ]; do :; done; "
                "echo \"$line\" >line; exit 5"});
    REQUIRE(one.has("ready"));
    one.type("\032");
    REQUIRE(one.has("went-on"));
    one.type("a line\n");
    CHECK(one.code() == 5);
    CHECK(one.tree.read("line") == "a line\n");
}

TEST_CASE("a job that Ctrl-Z stops is left to the shell that has it")
{
    OnTerminal one;
    one.launch({"sh", "-i"});
    one.type("sh -c \"trap 'echo x >went-on' CONT; echo x >ready; read line\"\n");
    REQUIRE(one.has("ready"));
    one.type("\032");
    REQUIRE(eventually([&] { return contains(one.shown(), "Stopped"); }));
    CHECK_FALSE(one.tree.has("went-on"));
    one.type("fg\n");
    REQUIRE(one.has("went-on"));
    one.type("x\nexit 6\n");
    CHECK(one.code() == 6);
}

TEST_CASE("an interactive shell, which ignores TERM, ends at once when everything is stopped")
{
    OnTerminal one;
    one.launch({"sh", "-i"});
    one.type("echo x >ready\n");
    REQUIRE(one.has("ready"));
    one.signal(SIGTERM);
    CHECK(one.code() == 0);  // long before its budget
}

TEST_CASE("what such a shell has put in the foreground is hung up too")
{
    OnTerminal one;
    one.launch({"sh", "-i"});
    one.type(
        "sh -c \"trap '' TERM; trap 'echo hung up >end; exit' HUP; echo x >ready; "
        "while :; do sleep 0.01; done\"\n");
    REQUIRE(one.has("ready"));
    one.signal(SIGTERM);
    CHECK(one.code() == 0);
    CHECK(one.has("end"));
}

TEST_CASE("without the foreground of a terminal a command gets no HUP")
{
    Services services;
    Process runsvdir(services.spec({services.directory(), "--", "sh", "-c",
                                    "trap 'echo x >hup' HUP; trap 'exit 3' TERM; echo x >ready; while :; do sleep "
                                    "0.01; done"}));
    REQUIRE(eventually([&] { return services.tree.has("ready"); }));
    runsvdir.signal(SIGTERM);
    CHECK(runsvdir.wait().code == 0);
    CHECK_FALSE(services.tree.has("hup"));
}
