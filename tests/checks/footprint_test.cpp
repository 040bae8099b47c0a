// How much memory and disk the programs take, against what is promised. There is a runsv for every service.
#include <elf.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "scenario/runsv_fixture.hpp"

using namespace scenario;

namespace {

enum class Linked { Dynamic, StaticGlibc, StaticOther };

std::string contents_of(const std::string& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

Linked how_linked(const std::string& file)
{
    const std::string bytes = contents_of(file);
    REQUIRE(bytes.substr(0, SELFMAG) == ELFMAG);
    if (bytes.find("/ld-") != std::string::npos) return Linked::Dynamic;  // the loader it asks for
    return bytes.find("GLIBC_TUNABLES") != std::string::npos ? Linked::StaticGlibc : Linked::StaticOther;
}

// KiB that are nobody else's; 0 where the system does not tell. As many alike run beside it, the rest is shared.
long private_memory(pid_t pid)
{
    std::ifstream rollup("/proc/" + std::to_string(pid) + "/smaps_rollup");
    long sum = 0;
    for (std::string line; std::getline(rollup, line);) {
        if (line.rfind("Private_", 0) == 0) sum += std::stol(line.substr(line.find(':') + 1));
    }
    return sum;
}

// The mean of eight, since a page or two more or less depend on the addresses that each got.
long mean_private_memory(bool with_log)
{
    std::vector<OneService> alike(8);
    for (OneService& one : alike) {
        one.script("run", stay);
        if (with_log) one.script("log/run", "exec cat >/dev/null\n");
        one.launch_and_wait_until("run");
    }
    long sum = 0;
    for (const OneService& one : alike) sum += private_memory(one.runsv->pid());
    return sum / static_cast<long>(alike.size());
}

std::uintmax_t size_on_disk(const std::string& name)
{
    Tree tree;
    REQUIRE(run({"strip", "-o", tree.path(name), program(name)}).code == 0);
    return std::filesystem::file_size(tree.path(name));
}

}  // namespace

TEST_CASE("an idle runsv has at most 95 KiB of its own, linked statically 56, with musl 12, log or not")
{
    const Linked linked = how_linked(program("runsv"));
    const long ceiling = linked == Linked::Dynamic ? 95 : linked == Linked::StaticGlibc ? 56 : 12;
    for (const bool with_log : {false, true}) {
        const long mean = mean_private_memory(with_log);
        if (mean == 0) {
            WARN("skipped: no /proc/PID/smaps_rollup here");
            return;
        }
        INFO("with a log: " << with_log);
        CHECK(mean <= ceiling);
    }
}

TEST_CASE("runsvdir, runsv and sv take at most 210 KiB on disk together, linked to a shared libc 290")
{
    const Linked linked = how_linked(program("runsv"));
    if (linked == Linked::StaticGlibc) {
        WARN("skipped: nothing is promised for a libc of that size in each of them");
        return;
    }
    std::uintmax_t sum = 0;
    for (const char* name : {"runsvdir", "runsv", "sv"}) sum += size_on_disk(name);
    CHECK(sum <= (linked == Linked::Dynamic ? 290u : 210u) * 1024u);
}

TEST_CASE("chpst takes at most 64 KiB on disk, linked statically with musl too")
{
    CHECK(size_on_disk("chpst") <= 64u * 1024u);
}
