// What an ordinary user may put into a log directory that is the user's, for an svlogd of root. Nothing there holds svlogd up,
// and nothing beyond the directory is read, written, given away or made executable.
#include "fault/svlogd_disk.hpp"

using namespace support;

namespace {

const std::string stranger = "65534";
const std::string old_name = "@400000006000000000000010";
const std::string precious = "a file of root\n";

enum class Game { Fifo, Link, DanglingLink, SecondName };

std::string told(Game game)
{
    switch (game) {
        case Game::Fifo: return "a fifo";
        case Game::Link: return "a link";
        case Game::DanglingLink: return "a dangling link";
        case Game::SecondName: return "a second name";
    }
    return "";
}

class Stranger {
public:
    // Plays with the name `name`, and, but for `config` itself, wants everything that config can give.
    Stranger(Game game, const std::string& name) : game_(game)
    {
        tree.file("victim", precious, 0755);
        REQUIRE(run({"chown", "-R", stranger + ":" + stranger, tree.path("log")}).code == 0);
        REQUIRE(run({"chmod", "0755", tree.path()}).code == 0);
        if (name != "config") {
            play("printf 's2100\\nn3\\no" + stranger + "\\nm0666\\n!cat\\n' >config");
        }
        if (game == Game::Fifo) play("mkfifo " + name);
        if (game == Game::Link) play("ln -s " + tree.path("victim") + " " + name);
        if (game == Game::DanglingLink) play("ln -s " + tree.path("not/there") + " " + name);
        // With fs.protected_hardlinks at 0 the user can do that too.
        if (game == Game::SecondName)
            std::filesystem::create_hard_link(tree.path("victim"), tree.path("log/" + name));
    }

    void check_that_all_is_well() const
    {
        struct stat about {};
        REQUIRE(::stat(tree.path("victim").c_str(), &about) == 0);
        CHECK(tree.read("victim") == precious);
        CHECK((about.st_mode & 07777) == 0755);
        CHECK(about.st_uid == 0);
        CHECK_FALSE(tree.has("not"));
        for (const auto& name : tree.old_files()) {
            const bool is_its_own =
                std::filesystem::is_regular_file(std::filesystem::symlink_status(tree.path("log/" + name))) &&
                std::filesystem::hard_link_count(tree.path("log/" + name)) == 1;
            if (is_its_own) CHECK(tree.read("log/" + name).find(precious) == std::string::npos);
        }
    }

    LogTree tree;

private:
    void play(const std::string& script) const
    {
        REQUIRE(run({"setpriv", "--reuid", stranger, "--regid", stranger, "--clear-groups", "sh", "-c",
                     "cd " + tree.path("log") + " && " + script})
                    .code == 0);
    }

    Game game_;
};

bool is_root()
{
    if (::geteuid() != 0) WARN("skipped: only root has anything to lose here");
    return ::geteuid() == 0;
}

constexpr Game games[] = {Game::Fifo, Game::Link, Game::DanglingLink, Game::SecondName};

// All that is in plain files.
std::string logged(const LogTree& tree)
{
    std::string text;
    auto names = tree.old_files();
    names.push_back("current");
    for (const auto& name : names) {
        const auto status = std::filesystem::symlink_status(tree.path("log/" + name));
        if (!std::filesystem::is_regular_file(status) || name.ends_with(".t")) continue;
        if (std::filesystem::hard_link_count(tree.path("log/" + name)) == 1) text += tree.read("log/" + name);
    }
    return text;
}

}  // namespace

TEST_CASE("no file that a stranger has put in a log directory holds svlogd up or is a way to another file")
{
    if (!is_root()) return;
    const std::vector<std::string> names{"current",       "config",        "state",        "newstate",
                                         old_name + ".u", old_name + ".t", old_name + ".s"};
    for (const auto& name : names) {
        for (const Game game : games) {
            INFO(told(game) << " at " << name);
            const Stranger user{game, name};
            user.tree.file("input", lines(1, 150));
            Process svlogd{user.tree.spec({"-l", "100", "-b", "200"}, "input")};
            CHECK(svlogd.wait(std::chrono::seconds(10)).code == 0);
            CHECK(logged(user.tree) == lines(1, 150));
            user.check_that_all_is_well();
        }
    }
}

TEST_CASE("a lock that is a link or no file keeps svlogd out of the directory, which says what to do")
{
    if (!is_root()) return;
    for (const Game game : games) {
        INFO(told(game));
        const Stranger user{game, "lock"};
        user.tree.file("input", lines(1, 10));
        Process svlogd{user.tree.spec({}, "input")};
        const auto finished = svlogd.wait(std::chrono::seconds(10));
        CHECK(finished.code == 111);
        CHECK(finished.err.find(
                  "svlogd: warning: unable to use log directory, its file lock is a link or no file, remove it: " +
                  user.tree.path("log") + ": ") == 0);
        user.check_that_all_is_well();
    }
}

TEST_CASE(
    "what is put in the place of files that svlogd has open, of current or the output of a processor, is let "
    "alone")
{
    if (!is_root()) return;
    for (const Game game : {Game::Link, Game::SecondName}) {
        INFO(told(game));
        const Stranger user{game, "later"};
        const auto& tree = user.tree;
        tree.file("log/config",
                  "s2100\nn5\no" + stranger + "\n!echo >begun; cat; while [ ! -e go ]; do sleep 0.05; done\n");
        Running svlogd{tree, {"-l", "100", "-b", "200"}};
        svlogd.write("one\n");
        REQUIRE(eventually([&] { return tree.current() == "one\n"; }));
        svlogd.process->signal(SIGALRM);
        REQUIRE(eventually([&] { return tree.has("log/begun") && tree.current().empty(); }));
        const auto names = tree.old_files();
        const auto scratch =
            std::find_if(names.begin(), names.end(), [](const auto& name) { return name.back() == 't'; });
        REQUIRE(scratch != names.end());
        for (const auto& name : {*scratch, std::string("current"), std::string("newstate")}) {
            tree.remove("log/" + name);
            if (game == Game::Link) std::filesystem::create_symlink(tree.path("victim"), tree.path("log/" + name));
            else std::filesystem::create_hard_link(tree.path("victim"), tree.path("log/" + name));
        }
        tree.file("log/go", "");
        svlogd.process->signal(SIGHUP);
        svlogd.write("two\n");
        CHECK(eventually([&] { return logged(tree).find("two\n") != std::string::npos; }));
        CHECK(svlogd.finish().code == 0);
        user.check_that_all_is_well();
    }
}

TEST_CASE(
    "in a directory that only root can write, files with a second name, as backups make them, are used as ever")
{
    LogTree tree{"s2100\nn0\n!cat; cat <&4; echo seen >&5\n"};
    tree.file("log/current", "before\n", 0744);
    tree.file("log/" + old_name + ".u", "older\n");
    tree.file("log/state", "known\n");
    tree.file("log/lock", "");
    REQUIRE(run({"cp", "-al", tree.path("log"), tree.path("backup")}).code == 0);
    CHECK(tree.log("after\n").err.empty());
    CHECK(tree.everything() == "older\nknown\nbefore\nafter\n");
    CHECK(tree.read("log/state") == "seen\n");
}
