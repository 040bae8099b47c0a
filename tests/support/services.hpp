// A services directory under a runsvdir, for the scenarios of that program.
#pragma once

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/programs.hpp"
#include "support/tree.hpp"

namespace support {

// What stands in for runsv: it sleeps for as many seconds as its service's name says, and TERM ends it.
inline const std::string sleeping_runsv = "sleep";

// The tree's "service" directory, and "bin" with the programs first in PATH.
class Services {
public:
    Services() : path_(path_with_programs(tree.path("bin"))) { tree.directory("service"); }

    // The stand-in takes the place of runsv; a script is written anew, a name is looked up among the system's programs.
    void use_runsv(const std::string& script)
    {
        tree.remove("bin/runsv");
        if (script == sleeping_runsv) std::filesystem::create_symlink("/bin/sleep", tree.path("bin/runsv"));
        else tree.script("bin/runsv", script);
    }

    std::string directory() const { return tree.path("service"); }
    std::string of(const std::string& name) const { return tree.path("service/" + name); }
    void add(const std::string& name, const std::string& run = stay) const
    {
        tree.script("service/" + name + "/run", run);
    }
    // Put into place as a whole, by a rename.
    void move_in(const std::string& name, const std::string& run = stay) const
    {
        tree.script("new/" + name + "/run", run);
        std::filesystem::rename(tree.path("new/" + name), of(name));
    }
    void move_out(const std::string& name) const
    {
        tree.directory("old");
        std::filesystem::rename(of(name), tree.path("old/" + name));
    }
    void rename(const std::string& from, const std::string& to) const
    {
        std::filesystem::rename(of(from), of(to));
    }

    StartSpec spec(std::vector<std::string> arguments) const
    {
        StartSpec spec;
        spec.argv = std::move(arguments);
        spec.argv.insert(spec.argv.begin(), program("runsvdir"));
        spec.environment["PATH"] = path_;
        spec.directory = tree.path();
        return spec;
    }
    StartSpec spec() const { return spec({directory()}); }

    Tree tree;

private:
    std::string path_;
};

inline std::vector<std::string> arguments_of(pid_t pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline", std::ios::binary);
    std::vector<std::string> words;
    for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
    return words;
}

// The living children of a runsvdir that are called "runsv NAME".
inline std::vector<pid_t> runsv_of(pid_t runsvdir, const std::string& name)
{
    std::vector<pid_t> found;
    for (const pid_t child : children_of(runsvdir)) {
        const auto words = arguments_of(child);
        const bool is_it = words.size() >= 2 && words.back() == name &&
                           std::any_of(words.begin(), words.end(), [](const std::string& word) {
                               return word == "runsv" || word.ends_with("/runsv");
                           });
        if (is_it && is_alive(child)) found.push_back(child);
    }
    return found;
}

inline pid_t runsv_pid(pid_t runsvdir, const std::string& name)
{
    const auto found = runsv_of(runsvdir, name);
    return found.size() == 1 ? found[0] : 0;
}

inline bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

inline std::size_t count_of(const std::string& text, const std::string& part)
{
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

}  // namespace support
