#include "app/run_trouble.hpp"

#include <elf.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "posix/spawn.hpp"
#include "support/catch.hpp"
#include "support/sanitizer.hpp"
#include "support/tree.hpp"

using namespace runsuite;

namespace {

// A directory with a `run`, which is the current one meanwhile.
class Here {
public:
    Here() { std::filesystem::current_path(tree.path()); }
    ~Here() { std::filesystem::current_path("/"); }

    support::Tree tree;
};

// Why the kernel does not execute it.
int code_of(const std::string& path)
{
    const char* const argv[] = {path.c_str(), nullptr};
    SpawnSpec spec;
    spec.program = path.c_str();
    spec.argv = argv;
    const auto spawned = spawn(spec);
    REQUIRE(spawned);
    ::waitpid((*spawned).pid, nullptr, 0);
    return (*spawned).not_run.code;
}

std::string words(int code, const std::string& path = "./run")
{
    return std::string(run_trouble(path.c_str(), code).view());
}

// After the kernel has refused it, and for whoever has only the file to look at.
void check(const std::string& expected, const std::string& path = "./run")
{
    if (!support::hears_children()) return;
    const int code = code_of(path);
    INFO("errno " << code);
    CHECK(code != 0);
    CHECK(words(code, path) == expected);
    CHECK(words(0, path) == expected);
}

void check_text(const std::string& text, const std::string& expected)
{
    const Here here;
    here.tree.file("run", text, 0755);
    check(expected);
}

}  // namespace

TEST_CASE("nothing is said of a program that can be started")
{
    const Here here;
    here.tree.script("run", "exit 0\n");
    CHECK(words(0).empty());
    CHECK(words(0, "/proc/self/exe").empty());
    here.tree.file("run", "#! \t/bin/sh -e", 0755);
    CHECK(words(0).empty());
}

TEST_CASE("a program that is missing, and a link to nothing")
{
    const Here here;
    check("file does not exist");
    std::filesystem::create_symlink("../gone", "run");
    check("is a link to ../gone: file does not exist");
    std::filesystem::remove("run");
    std::filesystem::create_symlink("run", "run");
    check("is a link to run: symbolic link loop");
}

TEST_CASE("a program that is no plain file")
{
    const Here here;
    here.tree.directory("run");
    check("is a directory");
    here.tree.remove("run");
    REQUIRE(::mkfifo("run", 0755) == 0);
    check("is not a plain file");
}

TEST_CASE("a program that nobody may execute is told with the command that mends it")
{
    const Here here;
    here.tree.file("run", "#!/bin/sh\n");
    check("not executable: chmod +x run");
    here.tree.file("log/run", "#!/bin/sh\n");
    check("not executable: chmod +x log/run", "log/run");
    here.tree.file("control/t", "#!/bin/sh\n");
    check("not executable: chmod +x control/t", "./control/t");
}

TEST_CASE("a program that only others may execute is told with the user who may not")
{
    if (::geteuid() != 0) return;
    const Here here;
    std::filesystem::permissions(here.tree.path(), std::filesystem::perms(0755));
    here.tree.file("run", "#!/bin/sh\n", 0700);
    REQUIRE(::seteuid(65534) == 0);
    check("not executable for user 65534");
    REQUIRE(::seteuid(0) == 0);
}

TEST_CASE("a program on a file system that executes nothing")
{
    const Here here;
    here.tree.directory("mounted");
    const std::string where = here.tree.path("mounted");
    if (::mount("tmpfs", where.c_str(), "tmpfs", MS_NOEXEC, "size=64k") != 0) {
        WARN("skipped: a tmpfs cannot be mounted here");
        return;
    }
    here.tree.script("mounted/run", "exit 0\n");
    check("is on a file system mounted noexec", "mounted/run");
    ::umount(where.c_str());
}

TEST_CASE("a script whose first line ends as on Windows is told by that line")
{
    check_text("#!/bin/sh\r\necho up\r\n", "\"#!/bin/sh\" ends in a carriage return");
    check_text("#! /nowhere/sh -e\r\n", "\"#! /nowhere/sh -e\" ends in a carriage return");
    check_text("\xef\xbb\xbf#!/bin/sh\n", "begins with a byte order mark, not with #!");
}

TEST_CASE("a text without a #! line, an empty file, and a #! line that names nothing")
{
    check_text("exec sleep 10\n", "has no #! line");
    check_text("\n#!/bin/sh\n", "has no #! line");
    check_text("", "is empty");
    check_text("#!\n", "names no program after #!");
    check_text("#! \t \nexec sleep 10\n", "names no program after #!");
    check_text("#!/" + std::string(400, 'x') + "\n", "has a #! line that is too long");
}

TEST_CASE("an interpreter that is missing, not executable or itself without one is named")
{
    check_text("#!/nowhere/sh -e\n", "interpreter /nowhere/sh: file does not exist");
    check_text("#!/dev/null\n", "interpreter /dev/null: is not a plain file");
    check_text("#!/bin\n", "interpreter /bin: is a directory");
    check_text("#!/etc/passwd\n", "interpreter /etc/passwd: not executable: chmod +x /etc/passwd");
    const Here here;
    const std::string other = here.tree.path("other");
    here.tree.file("run", "#!" + other + "\n", 0755);
    here.tree.file("other", "#!/nowhere/sh\n", 0755);
    check("interpreter " + other + ": interpreter /nowhere/sh: file does not exist");
    here.tree.file("other", "no script\n", 0755);
    check("interpreter " + other + ": has no #! line");
}

TEST_CASE("a control character in the name of an interpreter is made harmless")
{
    check_text("#!/nowhere/\x1b[1m\n", "interpreter /nowhere/?[1m: file does not exist");
}

TEST_CASE("a program of another machine, and one whose loader is missing, are told as such")
{
    if (!support::hears_children()) return;
    const Here here;
    std::filesystem::copy_file("/proc/self/exe", "run");
    std::filesystem::permissions("run", std::filesystem::perms(0755));
    std::string bytes = here.tree.read("run");
    const std::string original = bytes;
    const bool is_arm = static_cast<unsigned char>(bytes[18]) == EM_AARCH64;
    bytes[18] = static_cast<char>(is_arm ? EM_X86_64 : EM_AARCH64);
    here.tree.file("run", bytes, 0755);
    const std::string other = is_arm ? "x86_64" : "aarch64";
    CHECK(words(code_of("./run")).starts_with("is a program for " + other + ", and this machine is "));

    bytes = original;
    const auto loader = bytes.find("/ld-");
    if (loader == std::string::npos) return;
    bytes[loader + 1] = 'x';
    here.tree.file("run", bytes, 0755);
    const std::string said = words(code_of("./run"));
    CHECK(said.starts_with("loader /"));
    CHECK(said.ends_with(": file does not exist"));
    CHECK(words(0) == said);

    here.tree.file("run", original.substr(0, 40), 0755);
    CHECK(words(code_of("./run")) == "is a program file that was cut");
}

TEST_CASE("a cause that lies in the moment keeps the system's reason")
{
    const Here here;
    here.tree.file("run", "no script\n");
    CHECK(words(ENOMEM) == "out of memory");
    CHECK(words(E2BIG) == "argument list too long");
    CHECK(words(ETXTBSY) == "text busy");
    here.tree.script("run", "exit 0\n");
    CHECK(words(ENOEXEC) == "exec format error");  // mended meanwhile
}

TEST_CASE("no file of few bytes is read beyond its end")
{
    const Here here;
    const std::string elf = here.tree.path("elf");
    std::filesystem::copy_file("/proc/self/exe", elf);
    const std::string bytes = here.tree.read("elf").substr(0, 300);
    for (std::size_t size = 1; size < bytes.size(); ++size) {
        here.tree.file("run", bytes.substr(0, size), 0755);
        for (const int code : {0, ENOEXEC, ENOENT}) words(code);
    }
    std::string wild = bytes;
    for (std::size_t at = 4; at < 64; ++at) {
        wild[at] = '\xff';
        here.tree.file("run", wild, 0755);
        for (const int code : {0, ENOEXEC, ENOENT}) words(code);
    }
}
