// A directory of services directories for runsvchdir: "one", which is current, and "two".
#pragma once

#include <unistd.h>

#include <filesystem>
#include <set>

#include "support/catch.hpp"
#include "support/fixed_path.hpp"
#include "support/programs.hpp"
#include "support/tree.hpp"

namespace runsvchdir_test {

using namespace support;

class Sets {
public:
    explicit Sets(const Tree& tree) : tree_(tree)
    {
        tree.directory("sets/one");
        tree.directory("sets/two");
        link("one", "current");
        tree.directory("bin");
        std::filesystem::create_symlink(program("runsvchdir"), tree.path("bin/runsvchdir"));
    }

    void link(const std::string& text, const std::string& name) const
    {
        std::filesystem::create_directory_symlink(text, of(name));
    }
    std::string of(const std::string& name) const { return tree_.path("sets/" + name); }

    // What a link says; "" when there is none.
    std::string text(const std::string& name) const
    {
        std::error_code none;
        return std::filesystem::read_symlink(of(name), none);
    }

    // Every name there is, and where it leads to if it is a link.
    std::set<std::string> everything() const
    {
        std::set<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(tree_.path("sets"))) {
            const std::string name = entry.path().filename();
            names.insert(text(name).empty() ? name : name + " -> " + text(name));
        }
        return names;
    }

    // The reference's has no RUNSVDIR before 2.3.0. It is found in PATH, because it puts its path before what it says.
    StartSpec spec(std::vector<std::string> words) const
    {
        StartSpec spec;
        spec.argv = std::move(words);
        spec.argv.insert(spec.argv.begin(), "runsvchdir");
        spec.environment["PATH"] = tree_.path("bin") + ":/usr/sbin:/usr/bin:/sbin:/bin";
        if (is_reference("runsvchdir")) return with_link(spec, "/etc", "runit/runsvdir", tree_.path("sets"));
        spec.environment["RUNSVDIR"] = tree_.path("sets");
        return spec;
    }
    Finished change(std::vector<std::string> words) const { return run(spec(std::move(words))); }

private:
    const Tree& tree_;
};

inline bool can_run()
{
    return !is_reference("runsvchdir") || can_mount();
}

}  // namespace runsvchdir_test
