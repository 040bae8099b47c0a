// svlogd when the clock is set back, and when it was.
#include <iostream>

#include "scenario/svlogd_fixture.hpp"

using namespace support;

namespace {

// A clock for one dynamic program, by libfaketime: real time and an offset that the test changes while it runs.
class Clock {
public:
    explicit Clock(const LogTree& tree) : tree_(tree), library_(find_library())
    {
        const auto libraries = run({"ldd", program("svlogd")}).out;
        const bool is_dynamic = libraries.find("libc.") != std::string::npos;
        const bool is_sanitized = libraries.find("san.so") != std::string::npos;
        works = is_dynamic && !is_sanitized && !library_.empty();
        if (works) return;
        std::cerr << "skipped: "
                  << (library_.empty() ? "libfaketime is missing" : "svlogd takes no preloaded library") << "\n";
    }
    void set(const std::string& offset) const { tree_.file("clock", offset + "\n"); }
    StartSpec with(StartSpec spec) const
    {
        spec.environment["LD_PRELOAD"] = library_;
        spec.environment["FAKETIME_TIMESTAMP_FILE"] = tree_.path("clock");
        spec.environment["FAKETIME_NO_CACHE"] = "1";
        spec.environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        return spec;
    }

    bool works = false;

private:
    static std::string find_library()
    {
        std::vector<std::filesystem::path> places{"/usr/lib"};
        for (const auto& entry : std::filesystem::directory_iterator("/usr/lib")) {
            if (entry.is_directory()) places.push_back(entry.path());
        }
        for (const auto& place : places) {
            const auto library = place / "faketime/libfaketime.so.1";
            if (std::filesystem::exists(library)) return library;
        }
        return "";
    }

    const LogTree& tree_;
    std::string library_;
};

// Of "2026-01-31_23:59:59.12345 text".
int year_of(const std::string& stamped)
{
    return stamped.size() > 4 ? std::atoi(stamped.substr(0, 4).c_str()) : 0;
}

}  // namespace

TEST_CASE("when the clock was set back, old files still sort in the order they were written")
{
    LogTree tree{"s2100\nn3\n"};
    tree.file("log/@40000000ffffffff3b9ac9ff.s", "from the future\n", 0744);
    const auto text = lines(1, 1000);
    CHECK(tree.log(text, {"-l", "100", "-b", "200"}).code == 0);
    const auto files = tree.old_files();
    REQUIRE(files.size() == 3);
    CHECK(files[0] > "@40000000ffffffff3b9ac9ff");
    const auto kept = tree.everything();
    CHECK(text.substr(text.size() - kept.size()) == kept);
}

TEST_CASE("a clock that is set back while it runs changes the stamps, loses no line and keeps the files in order")
{
    LogTree tree{"s0\nn0\nt1h\n"};
    const Clock clock{tree};
    if (!clock.works) return;
    clock.set("+0");
    Running svlogd{tree, clock.with(tree.spec({"-tt"}, "fifo"))};
    const auto log_one = [&](const std::string& text) {
        svlogd.write(text + "\n");
        REQUIRE(eventually([&] { return tree.current().find(text) != std::string::npos; }));
        return year_of(tree.current());
    };
    const auto rotate = [&](std::size_t files) {
        svlogd.process->signal(SIGALRM);
        REQUIRE(eventually([&] { return tree.old_files().size() == files && tree.current().empty(); }));
    };
    const int now = log_one("first");
    rotate(1);
    clock.set("-1500d");
    CHECK(log_one("second") < now - 2);
    rotate(2);
    clock.set("-5000d");
    CHECK(log_one("third") < now - 10);
    rotate(3);
    clock.set("+0");
    CHECK(log_one("fourth") >= now);
    CHECK(always([&] { return tree.old_files().size() == 3; }, std::chrono::milliseconds(200)));
    CHECK(svlogd.finish().code == 0);
    std::string texts;
    const auto all = tree.everything();
    for (std::size_t at = 0; at < all.size(); at = all.find('\n', at) + 1) {
        const auto blank = all.find(' ', at) + 1;
        texts += all.substr(blank, all.find('\n', blank) - blank) + " ";
    }
    CHECK(texts == "first second third fourth ");
}
