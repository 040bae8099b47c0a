// A new root directory with a shell in it, and nothing else.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "support/process.hpp"
#include "support/tree.hpp"

namespace chpst_test {

inline void make_root(const support::Tree& tree, const std::string& name)
{
    ::setenv("ASAN_OPTIONS", "detect_leaks=0", 0);  // a sanitizer cannot look for leaks where there is no /proc
    const auto listed = support::run({"ldd", "/bin/sh"}).out;
    std::filesystem::create_directories(tree.path(name + "/bin"));
    std::filesystem::copy_file("/bin/sh", tree.path(name + "/bin/sh"));
    for (std::size_t at = listed.find(" /"); at != std::string::npos; at = listed.find(" /", at + 1)) {
        const std::string file = listed.substr(at + 1, listed.find(' ', at + 1) - at - 1);
        std::filesystem::create_directories(std::filesystem::path(tree.path(name) + file).parent_path());
        std::filesystem::copy_file(file, tree.path(name) + file);
    }
    const std::string loader = "/lib64/ld-linux-x86-64.so.2";
    if (std::filesystem::exists(loader) && !tree.has(name + loader)) {
        std::filesystem::create_directories(tree.path(name + "/lib64"));
        std::filesystem::copy_file(loader, tree.path(name) + loader);
    }
}

}  // namespace chpst_test
