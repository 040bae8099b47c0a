// Scratch files of login records.
#pragma once

#include <utmpx.h>

#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/fixed_path.hpp"
#include "support/programs.hpp"
#include "support/tree.hpp"

namespace utmpset_test {

using namespace support;

inline utmpx record(short type, const std::string& line, const std::string& user)
{
    utmpx fields{};
    fields.ut_type = type;
    fields.ut_pid = 1;
    fields.ut_tv.tv_sec = static_cast<decltype(fields.ut_tv.tv_sec)>(std::time(nullptr) - 3600);
    std::memcpy(fields.ut_line, line.data(), std::min(line.size(), sizeof fields.ut_line));
    std::memcpy(fields.ut_id, line.data() + (line.size() > 4 ? line.size() - 4 : 0),
                std::min<std::size_t>(line.size(), 4));
    std::memcpy(fields.ut_user, user.data(), user.size());
    std::memcpy(fields.ut_host, "afar", 4);
    return fields;
}

// utmp and wtmp of the C library that the tests are built with.
class Files {
public:
    // The reference's opens the system's files.
    StartSpec spec(std::vector<std::string> words) const
    {
        StartSpec spec;
        if (!is_reference("utmpset")) words.insert(words.begin(), {"-u", tree.path("utmp")});
        for (auto& word : words) {
            if (word == "-w" && !is_reference("utmpset")) word = "-W" + tree.path("wtmp");
        }
        words.insert(words.begin(), program("utmpset"));
        spec.argv = std::move(words);
        if (!is_reference("utmpset")) return spec;
        return with_link(with_link(spec, "/var/log", "wtmp", tree.path("wtmp")), "/var/run", "utmp",
                         tree.path("utmp"));
    }
    Finished set(std::vector<std::string> words) const { return run(spec(std::move(words))); }

    void write(const std::string& name, const std::vector<utmpx>& records) const
    {
        tree.file(name,
                  std::string(reinterpret_cast<const char*>(records.data()), records.size() * sizeof(utmpx)));
    }
    std::vector<utmpx> read(const std::string& name) const
    {
        const std::string bytes = tree.read(name);
        std::vector<utmpx> records(bytes.size() / sizeof(utmpx));
        if (!records.empty()) std::memcpy(records.data(), bytes.data(), records.size() * sizeof(utmpx));
        return records;
    }

    Tree tree;
};

inline bool can_run()
{
    return !is_reference("utmpset") || can_mount();
}

inline std::string text(const char* field, std::size_t size)
{
    return {field, ::strnlen(field, size)};
}

}  // namespace utmpset_test
