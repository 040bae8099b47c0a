// A program run through chpst that tells what it sees of itself.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/programs.hpp"

namespace chpst_test {

using Words = std::vector<std::string>;

// Runs `script` in a shell that chpst has changed by `options`.
inline support::Finished inside(Words options, const std::string& script, const std::string& directory = "")
{
    support::StartSpec spec;
    spec.argv = {support::program("chpst")};
    spec.argv.insert(spec.argv.end(), options.begin(), options.end());
    for (const char* word : {"/bin/sh", "-c"}) spec.argv.push_back(word);
    spec.argv.push_back(script);
    spec.directory = directory;
    return support::run(std::move(spec));
}

inline support::Finished chpst(Words options)
{
    options.insert(options.begin(), support::program("chpst"));
    return support::run(std::move(options));
}

inline bool starts_with(const std::string& text, const std::string& head)
{
    return text.rfind(head, 0) == 0;
}

// Of /proc/self/status as the program sees it, with one blank between words.
inline std::string status_of(const std::string& field)
{
    return "set -- $(grep '^" + field + ":' /proc/self/status); shift; echo \"$*\"";
}

inline bool has_root()
{
    if (::geteuid() != 0) std::cerr << "skipped: only root may do what is tested here\n";
    return ::geteuid() == 0;
}

// Started under nice(1), the tests hand its value on: back to 0, where that is allowed.
inline bool has_plain_nice()
{
    const bool has = ::setpriority(PRIO_PROCESS, 0, 0) == 0;
    if (!has) std::cerr << "skipped: the nice value is not 0 and may not be set back\n";
    return has;
}

}  // namespace chpst_test
