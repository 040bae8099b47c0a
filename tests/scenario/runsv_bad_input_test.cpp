#include <sys/mount.h>

#include <csignal>
#include <filesystem>
#include <optional>

#include "runsv_fixture.hpp"
#include "support/full_pipe.hpp"
#include "support/sanitizer.hpp"

using namespace scenario;

namespace {

Finished run_once(const OneService& one, const std::string& name = "service")
{
    StartSpec spec;
    spec.argv = {program("runsv"), name};
    spec.directory = one.tree.path();
    return run(spec);
}

}  // namespace

TEST_CASE("a service directory that is missing or a file is fatal", "[shared]")
{
    OneService one;
    one.tree.file("file", "");
    const auto missing = run_once(one, "nowhere");
    CHECK(missing.code == 111);
    CHECK(missing.err == "runsv nowhere: fatal: unable to change to directory: file does not exist\n");
    CHECK(run_once(one, "file").err == "runsv file: fatal: unable to change to directory: not a directory\n");
}

TEST_CASE(
    "a run that is missing, a directory, not executable or without interpreter is told in one line, and started "
    "as soon as it is there")
{
    if (!support::hears_children()) return;
    struct Row {
        const char* what;
        const char* reason;
    };
    for (const Row row :
         {Row{"missing", "file does not exist"}, Row{"directory", "is a directory"},
          Row{"mode", "not executable: chmod +x run"},
          Row{"interpreter", "interpreter /nowhere/sh: file does not exist"}, Row{"empty", "is empty"}}) {
        OneService one;
        one.tree.directory("service");
        const std::string what = row.what;
        if (what == "directory") one.tree.directory("service/run");
        if (what == "mode") one.file("run", "#!/bin/sh\n");
        if (what == "interpreter") one.tree.file("service/run", "#!/nowhere/sh\n", 0755);
        if (what == "empty") one.tree.file("service/run", "", 0755);
        one.launch();
        const std::string line = "runsv service: fatal: unable to start ./run: " + std::string(row.reason) + "\n";
        const bool told = eventually([&] { return one.runsv->err().find(line) != std::string::npos; });
        INFO(what << ": " << one.runsv->err());
        REQUIRE(told);
        one.tree.remove("service/run");
        one.script("run", stay);
        one.wait_until("run");
    }
}

TEST_CASE("a program that cannot be started is told once, not once a second, until there is another cause")
{
    if (!support::hears_children()) return;
    OneService one;
    one.tree.file("service/run", "#!/bin/sh\r\n", 0755);
    one.tree.file("service/control/u", "no script\n", 0755);
    one.script("finish", "echo \"$1 $2\" >>finishes\n");
    one.launch();
    one.wait_for_text("finishes", "111 0\n111 0\n111 0\n");
    CHECK(one.runsv->err() ==
          "runsv service: fatal: unable to start control/u: has no #! line\n"
          "runsv service: fatal: unable to start ./run: \"#!/bin/sh\" ends in a carriage return\n");
    one.tree.file("service/run.new", "#!/bin/sh\n", 0644);
    std::filesystem::rename(one.directory() + "/run.new", one.directory() + "/run");
    REQUIRE(
        eventually([&] { return one.runsv->err().find("not executable: chmod +x run\n") != std::string::npos; }));
    CHECK(lines_in(one.runsv->err()) == 3);
}

TEST_CASE("a finish that cannot be started is told once, however often run ends")
{
    if (!support::hears_children()) return;
    OneService one;
    one.script("run", "echo x >>starts\n");
    one.file("finish", "#!/bin/sh\n");
    one.launch();
    one.wait_for_text("starts", "x\nx\nx\n");
    CHECK(one.runsv->err() == "runsv service: fatal: unable to start ./finish: not executable: chmod +x finish\n");
}

TEST_CASE("a directory without run is told once, a log without it too")
{
    if (!support::hears_children()) return;
    OneService one;
    one.script("finish", "echo finish >>out\n");
    one.tree.directory("service/log");
    one.launch();
    one.wait_for_text("out", "finish\nfinish\nfinish\n");
    CHECK(one.runsv->err() ==
          "runsv service: fatal: unable to start log/./run: file does not exist\n"
          "runsv service: fatal: unable to start ./run: file does not exist\n");
}

TEST_CASE("a run that cannot be executed is never shown as run")
{
    if (!support::hears_children()) return;
    OneService one;
    one.file("run", "#!/bin/sh\n");
    one.script("finish", "echo finish >>out; cat supervise/stat >>stats; exec sleep 0.1\n");
    one.launch();
    bool was_run = false;
    REQUIRE(eventually([&] {
        was_run = was_run || one.stat().starts_with("run");
        return lines_in(one.read("out")) == 2;
    }));
    CHECK_FALSE(was_run);
}

TEST_CASE("a container is told of a run that cannot be started in one line")
{
    if (!support::hears_children()) return;
    OneService one;
    one.file("run", "#!/bin/sh\n");
    one.script("finish", "echo finish >>out\n");
    StartSpec spec;
    spec.argv = {program("runsv"), "service"};
    spec.directory = one.tree.path();
    spec.environment["RUNSUITE_CONTAINER"] = "1";
    one.runsv = std::make_unique<Process>(spec);
    one.wait_for_text("out", "finish\nfinish\n");
    CHECK(one.runsv->err() == "runsv service: fatal: unable to start ./run: not executable: chmod +x run\n");
}

TEST_CASE("supervise that is a file is fatal")
{
    OneService one;
    one.script("run", stay);
    one.file("supervise", "");
    const auto finished = run_once(one);
    CHECK(finished.code == 111);
    CHECK(finished.err == "runsv service: fatal: unable to open supervise: not a directory\n");
}

TEST_CASE("a control that is no fifo is fatal, and an ok that is none is replaced")
{
    OneService one;
    one.script("run", stay);
    one.file("supervise/control", "");
    const auto finished = run_once(one);
    CHECK(finished.code == 111);
    CHECK(finished.err == "runsv service: fatal: unable to create fifo supervise/control: file already exists\n");
    one.tree.remove("service/supervise/control");
    one.file("supervise/ok", "");
    one.launch_and_wait_until("run");
    CHECK(std::filesystem::is_fifo(one.directory() + "/supervise/ok"));
}

TEST_CASE("a fifo of an earlier runsv is used as it is", "[shared]")
{
    OneService one;
    one.script("run", stay);
    one.launch_and_wait_until("run");
    one.runsv->signal(SIGTERM);
    one.runsv->wait();
    CHECK_FALSE(is_supervised(one.directory()));
    one.launch_and_wait_until("run");
}

TEST_CASE("a truncated or garbage status file of an earlier time does no harm", "[shared]")
{
    for (const std::string& status : {std::string("short"), std::string(4096, '\xff'), std::string(20, '\xff')}) {
        OneService one;
        one.script("run", stay);
        one.file("supervise/status", status);
        one.launch_and_wait_until("run");
        CHECK(one.record().pid == static_cast<std::uint32_t>(one.pid()));
    }
}

TEST_CASE("a name with spaces, newlines or 255 bytes works, and its messages stay one line")
{
    if (!support::hears_children()) return;
    for (const std::string& name :
         {std::string("with space"), std::string("with\nnewline"), std::string(255, 'n')}) {
        Tree tree;
        tree.directory(name);
        StartSpec spec;
        spec.argv = {program("runsv"), name};
        spec.directory = tree.path();
        Process runsv{spec};
        REQUIRE(eventually([&] { return !runsv.err().empty(); }));
        CHECK(runsv.err().find("unable to start ./run: file does not exist\n") != std::string::npos);
        CHECK(runsv.err().find('\n') == runsv.err().find("exist\n") + 5);
        tree.script(name + "/run", stay);
        REQUIRE(eventually([&] { return stat_in(tree.path(name)) == "run"; }));
    }
}

TEST_CASE(
    "a full file system is told once, supervision goes on, and the state is written as soon as there is room")
{
    OneService one;
    one.script("run", "echo x >>../starts\n" + stay);
    one.tree.directory("small");
    const std::string small = one.tree.path("small");
    if (::mount("tmpfs", small.c_str(), "tmpfs", 0, "size=64k,nr_inodes=9") != 0) {
        WARN("skipped: a tmpfs cannot be mounted here");
        return;
    }
    std::filesystem::create_symlink("../small/state", one.directory() + "/supervise");
    one.launch_and_wait_until("run");
    REQUIRE(eventually([&] { return lines_in(one.tree.read("starts")) == 1; }));
    // No inode is left for the files that replace the old ones.
    int filler = 0;
    while (true) {
        std::error_code full;
        if (!std::filesystem::create_directory(small + "/filler" + std::to_string(filler), full)) break;
        ++filler;
    }
    const pid_t first = one.pid();
    one.control("t");
    const bool told =
        eventually([&] { return one.runsv->err().find("unable to write supervise/") != std::string::npos; });
    INFO(one.runsv->err());
    CHECK(told);
    CHECK(eventually([&] { return lines_in(one.tree.read("starts")) == 2; }));
    one.control("d");
    CHECK(eventually([&] { return one.read("supervise/pid").empty(); }));  // of nobody who is gone
    one.control("u");
    CHECK(eventually([&] { return lines_in(one.tree.read("starts")) == 3; }));
    CHECK(lines_in(one.runsv->err()) == 2);  // one of them of deaths
    for (int number = 0; number < filler; ++number)
        std::filesystem::remove(small + "/filler" + std::to_string(number));
    CHECK(eventually([&] { return one.pid() != 0 && one.pid() != first && one.stat() == "run"; }));
    one.runsv->signal(SIGTERM);
    one.runsv->wait();
    ::umount(small.c_str());
}

TEST_CASE("a read-only service directory is fatal, and says so")
{
    OneService one;
    one.script("run", stay);
    const std::string directory = one.directory();
    if (::mount(directory.c_str(), directory.c_str(), nullptr, MS_BIND, nullptr) != 0 ||
        ::mount(nullptr, directory.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0) {
        WARN("skipped: a bind mount cannot be made here");
        return;
    }
    const auto finished = run_once(one);
    CHECK(finished.code == 111);
    CHECK(finished.err == "runsv service: fatal: unable to create directory supervise: read-only file system\n");
    ::umount(directory.c_str());
}

TEST_CASE("a standard error whose reader is gone, with lines kept for it, does not end it")
{
    OneService one;
    one.tree.directory("service");  // without ./run: a line at every try
    one.script("finish", "echo tried >>tried\n");
    std::optional<FullPipe> full{one.tree.path("full")};
    StartSpec spec;
    spec.argv = {"sh", "-c", "exec \"$@\" 2>full", "sh", program("runsv"), "service"};
    spec.directory = one.tree.path();
    Process runsv{spec};
    const auto tries = [&] { return one.read("tried").size() / std::string("tried\n").size(); };
    CHECK(eventually([&] { return tries() >= 1; }));
    full.reset();
    CHECK(eventually([&] { return tries() >= 3 || !runsv.is_running(); }));
    runsv.signal(SIGTERM);
    CHECK(runsv.wait().code == 0);
}
