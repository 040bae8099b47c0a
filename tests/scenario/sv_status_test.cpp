// What sv says of services.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <regex>

#include "scenario/sv_support.hpp"
#include "support/catch.hpp"

using namespace sv_support;
using runsuite::Want;

TEST_CASE("the status of a service that runs and of one that is down", "[shared]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running(100, 1234)};
    const Counterfeit job{tree, "job", down(30)};
    tree.file("job/down", "");
    const auto told = sv(tree, {"status", "web", "job"});
    CHECK(without_numbers(told.out) == "run: web: (pid N) Ts\ndown: job: Ts\n");
    CHECK(told.out.find("run: web: (pid 1234) 10") == 0);
    CHECK(told.err == "");
    CHECK(told.code == 0);
}

TEST_CASE("everything a status line can say, in its order", "[shared]")
{
    Tree tree;
    auto record = running(10, 77);
    record.paused = true;
    record.term_sent = true;
    record.want = Want::Down;
    const Counterfeit web{tree, "web", record};
    tree.file("web/down", "");
    CHECK(without_numbers(sv(tree, {"s", "web"}).out) ==
          "run: web: (pid N) Ts, normally down, paused, want down, got TERM\n");
    record.state = runsuite::ServiceState::Finish;
    web.publish(record);
    tree.remove("web/down");
    CHECK(without_numbers(sv(tree, {"s", "web"}).out) == "finish: web: (pid N) Ts, paused, want down, got TERM\n");
    web.publish(down(10, Want::Up));
    CHECK(without_numbers(sv(tree, {"s", "web"}).out) == "down: web: Ts, normally up, want up\n");
}

TEST_CASE("the log service follows on the same line under the name log", "[shared]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    const Counterfeit log{tree, "web/log", down(5, Want::Up)};
    CHECK(without_numbers(sv(tree, {"status", "web"}).out) ==
          "run: web: (pid N) Ts; down: log: Ts, normally up, want up\n");
    CHECK(without_numbers(sv(tree, {"status", "web/log"}).out) == "down: web/log: Ts, normally up, want up\n");
}

TEST_CASE("a log directory that is not supervised is warned about once, and counts", "[bug-27]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    tree.directory("web/log");
    const auto told = sv(tree, {"status", "web"});
    CHECK(without_numbers(told.out) ==
          "run: web: (pid N) Ts; warning: web/log: unable to open supervise/ok: file does not exist\n");
    CHECK(told.code == 1);
}

TEST_CASE("a log that is no directory is told", "[shared]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    tree.file("web/log", "");
    const auto told = sv(tree, {"status", "web"});
    CHECK(without_numbers(told.out) ==
          "run: web: (pid N) Ts; warning: web/log: unable to change directory: not a directory\n");
    CHECK(told.code == 1);
}

TEST_CASE("each failure is one line on standard output with the name and the reason, and is counted", "[shared]")
{
    Tree tree;
    Counterfeit dead{tree, "dead", running()};
    dead.end();
    tree.directory("new");
    tree.file("plain", "");
    tree.file("odd/supervise", "");
    const Counterfeit broken{tree, "broken", running()};
    broken.publish_bytes("only this");
    const auto told = sv(tree, {"status", "dead", "new", "missing", "plain", "", "odd", "broken"});
    CHECK(told.out ==
          "fail: dead: runsv not running\n"
          "warning: new: unable to open supervise/ok: file does not exist\n"
          "fail: missing: unable to change to service directory: file does not exist\n"
          "fail: plain: unable to change to service directory: not a directory\n"
          "fail: : unable to change to service directory: file does not exist\n"
          "warning: odd: unable to open supervise/ok: not a directory\n"
          "warning: broken: unable to read supervise/status: bad format\n");
    CHECK(told.err == "");
    CHECK(told.code == 7);
}

TEST_CASE("a status of garbage is bad format and nothing else", "[shared]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    for (const std::size_t size : {0U, 1U, 19U}) {
        web.publish_bytes(std::string(size, '\x01'));
        CHECK(sv(tree, {"status", "web"}).out == "warning: web: unable to read supervise/status: bad format\n");
    }
}

TEST_CASE("a status with an impossible state is bad format")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    web.publish_bytes(std::string(20, '\x7f'));
    CHECK(sv(tree, {"status", "web"}).out == "warning: web: unable to read supervise/status: bad format\n");
}

TEST_CASE("a status that some later version has made longer is read as far as it is known", "[shared]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    web.publish_bytes(tree.read("web/supervise/status") + "more");
    CHECK(without_numbers(sv(tree, {"status", "web"}).out) == "run: web: (pid N) Ts\n");
}

TEST_CASE("a file in the place of a pipe is told, and nothing is written to it")
{
    Tree tree;
    const Counterfeit one{tree, "one", running()};
    tree.remove("one/supervise/ok");
    tree.file("one/supervise/ok", "");
    CHECK(sv(tree, {"status", "one"}).out == "warning: one: unable to open supervise/ok: not a fifo\n");
    const Counterfeit two{tree, "two", running()};
    tree.remove("two/supervise/control");
    tree.file("two/supervise/control", "");
    const auto told = sv(tree, {"down", "two"});
    CHECK(told.out == "warning: two: unable to open supervise/control: not a fifo\n");
    CHECK(told.code == 1);
    CHECK(tree.read("two/supervise/control") == "");
}

TEST_CASE("names with blanks and of 255 bytes are names", "[shared]")
{
    Tree tree;
    const std::string longest(255, 'n');
    const Counterfeit blank{tree, "a b", running()};
    const Counterfeit longer{tree, longest, running()};
    CHECK(without_numbers(sv(tree, {"status", "a b", longest}).out) ==
          "run: a b: (pid N) Ts\nrun: " + longest + ": (pid N) Ts\n");
    const auto told = sv(tree, {"status", longest + "n"});
    CHECK(told.out == "fail: " + longest + "n: unable to change to service directory: file name too long\n");
}

TEST_CASE("a path beyond what the system can hold is told")
{
    Tree tree;
    const std::string beyond = "/" + std::string(5000, 'x');
    CHECK(sv(tree, {"status", beyond}).out ==
          "fail: " + beyond + ": unable to change to service directory: file name too long\n");
}

TEST_CASE("a name with a newline stays on its line")
{
    Tree tree;
    const Counterfeit web{tree, "we\nb\x1b", running()};
    CHECK(without_numbers(sv(tree, {"status", "we\nb\x1b"}).out) == "run: we?b?: (pid N) Ts\n");
}

TEST_CASE("a name that begins with a dot or a slash or ends with a slash is a path", "[shared]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    auto spec =
        sv_spec(tree, {"status", "web/", "./web", tree.path("web"), "../" + tree.path().substr(5) + "/web"},
                {{"SVDIR", "/nonexistent"}});
    spec.directory = tree.path();
    const auto told = run(spec);
    CHECK(told.out.find("run: web/: ") == 0);
    CHECK(told.out.find("\nrun: ./web: ") != std::string::npos);
    CHECK(told.out.find("\nrun: " + tree.path("web") + ": ") != std::string::npos);
    CHECK(sv(tree, {"status", "web"}, {{"SVDIR", "/nonexistent"}}).out ==
          "fail: web: unable to change to service directory: file does not exist\n");
}

TEST_CASE("without permission the reason is told", "[shared]")
{
    if (::geteuid() != 0) return;
    Tree tree;
    ::chmod(tree.path().c_str(), 0755);
    const Counterfeit web{tree, "web", running()};
    ::chmod(tree.path("web/supervise").c_str(), 0700);
    const Counterfeit closed{tree, "closed", running()};
    ::chmod(tree.path("closed").c_str(), 0);
    auto spec = sv_spec(tree, {"status", "web", "closed"});
    spec.argv.insert(spec.argv.begin(), {"setpriv", "--reuid=65534", "--clear-groups"});
    const auto told = run(spec);
    CHECK(told.out ==
          "warning: web: unable to open supervise/ok: access denied\n"
          "fail: closed: unable to change to service directory: access denied\n");
    CHECK(told.code == 2);
}

TEST_CASE("status without a service reports every one of the services directory, sorted, one line each")
{
    Tree tree;
    const Counterfeit b{tree, "b", running()};
    const Counterfeit a{tree, "a", down()};
    const Counterfeit capital{tree, "B", running()};
    const Counterfeit hidden{tree, ".hidden", running()};
    tree.directory("new");
    tree.file("README", "");
    std::filesystem::create_symlink("nowhere", tree.path("gone"));
    const auto told = sv(tree, {"status"});
    CHECK(without_numbers(told.out) ==
          "run: B: (pid N) Ts\ndown: a: Ts, normally up\nrun: b: (pid N) Ts\n"
          "warning: new: unable to open supervise/ok: file does not exist\n");
    CHECK(told.err == "");
    CHECK(told.code == 1);
}

TEST_CASE("status without a service of an empty services directory is nothing, of a missing one fatal")
{
    Tree tree;
    const auto none = sv(tree, {"status"});
    CHECK(none.out + none.err == "");
    CHECK(none.code == 0);
    const auto missing = sv(tree, {"status"}, {{"SVDIR", "/nonexistent"}});
    CHECK(missing.err == "sv: fatal: unable to open services directory /nonexistent: file does not exist\n");
    CHECK(missing.code == 100);
}

TEST_CASE("a thousand services are reported whole")
{
    Tree tree;
    const Counterfeit first{tree, "s", running(100, 1)};
    std::string expected;
    std::vector<std::string> words{"status"};
    for (int at = 0; at < 1000; ++at) {
        words.push_back("s");
        expected += "run: s: (pid N) Ts\n";
    }
    CHECK(without_numbers(sv(tree, words).out) == expected);
}

TEST_CASE("the exit code counts failures, to 99 at most", "[shared]")
{
    Tree tree;
    CHECK(sv(tree, {"status", "a", "b", "c"}).code == 3);
    std::vector<std::string> words(151, "missing");
    words[0] = "status";
    CHECK(sv(tree, words).code == 99);
}

TEST_CASE("wrong usage is 100 and goes to standard error", "[shared]")
{
    Tree tree;
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{}, {"start"}, {"nonsense", "x"}, {"-w"}, {"-w", "3"}, {"-q", "s", "x"}}) {
        const auto told = sv(tree, words);
        CHECK(told.code == 100);
        CHECK(told.out == "");
        CHECK(told.err.find("usage: sv [-v] [-w sec] command service ...\n\n") != std::string::npos);
    }
    CHECK(sv(tree, {"-q"}).err.find("sv: illegal option -- q\n") == 0);
    CHECK(sv(tree, {"-w"}).err.find("sv: option requires an argument -- w\n") == 0);
}

TEST_CASE("the version is printed alone, and help has a line for each verb")
{
    Tree tree;
    for (const char* option : {"-V", "--version"}) {
        const auto told = sv(tree, {option});
        CHECK(std::regex_match(told.out, std::regex("runsuite [0-9.]+\n")));
        CHECK(told.err == "");
        CHECK(told.code == 0);
    }
    const auto told = sv(tree, {"--help"});
    CHECK(told.out.find("usage: sv [-v] [-w sec] command service ...\n") == 0);
    for (const char* verb : {"status", "start", "force-shutdown", "try-restart", "check", "up", "1", "exit"}) {
        CHECK(told.out.find("\n  " + std::string(verb) + " ") != std::string::npos);
    }
    CHECK(told.err == "");
    CHECK(told.code == 0);
}

TEST_CASE("a waiting time that is no number is wrong usage", "[bug-29]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    const auto told = sv(tree, {"-w", "abc", "status", "web"});
    CHECK(told.code == 100);
    CHECK(told.err.find("sv: not a number of seconds -- w\n") == 0);
}

TEST_CASE("as an init script status is 0 while the service runs and 3 while it is down", "[shared]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    auto told = init_script(tree, "web", {"status"});
    CHECK(without_numbers(told.out) == "run: web: (pid N) Ts\n");
    CHECK(told.code == 0);
    web.publish(down());
    told = init_script(tree, "web", {"status"});
    CHECK(without_numbers(told.out) == "down: web: Ts, normally up\n");
    CHECK(told.code == 3);
}

TEST_CASE("as an init script status is 3 for a service that is down though its log runs")
{
    Tree tree;
    const Counterfeit web{tree, "web", down()};
    const Counterfeit log{tree, "web/log", running()};
    CHECK(init_script(tree, "web", {"status"}).code == 3);
    web.publish(running());
    log.publish(down());
    CHECK(init_script(tree, "web", {"status"}).code == 0);
}

TEST_CASE("as an init script a state that cannot be told is 4, no runsv or no service is 1", "[shared]")
{
    Tree tree;
    tree.directory("new");
    CHECK(init_script(tree, "new", {"status"}).code == 4);
    Counterfeit web{tree, "web", running()};
    web.publish_bytes("");
    CHECK(init_script(tree, "web", {"status"}).code == 4);
    web.end();
    CHECK(init_script(tree, "web", {"status"}).code == 1);
    CHECK(init_script(tree, "missing", {"status"}).code == 1);
}

TEST_CASE("as an init script wrong usage is 2, and no word is short for status", "[shared]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{}, {"s"}, {"stat"}, {"nonsense"}, {"-q"}}) {
        const auto told = init_script(tree, "web", words);
        CHECK(told.code == 2);
        CHECK(told.err.find("usage: web [-w sec] command\n\n") != std::string::npos);
    }
}

TEST_CASE("a closed standard output does not become a part of the service", "[shared]")
{
    Tree tree;
    const Counterfeit web{tree, "web", running()};
    auto spec = sv_spec(tree, {});
    spec.argv = {"/bin/sh", "-c",
                 program("sv") + " -w 1 check web >&- 2>&-; " + program("sv") + " status web >&-"};
    CHECK(run(spec).code == 0);
    CHECK(web.take() == "");
}
