// A temporary tree of files for one test; when it goes, so does every process that the test has started.
#pragma once

#include <sys/types.h>

#include <string>

namespace support {

class Tree {
public:
    Tree();
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;
    ~Tree();

    // Full path of a name in the tree; "" is the tree itself.
    std::string path(const std::string& name = "") const;

    void directory(const std::string& name) const;
    void file(const std::string& name, const std::string& text,
              mode_t mode = 0644) const;                                   // makes its directories
    void script(const std::string& name, const std::string& body) const;   // "#!/bin/sh" and `body`, mode 0755
    void remove(const std::string& name) const;                            // file or whole directory
    void append(const std::string& name, const std::string& bytes) const;  // also to a fifo

    bool has(const std::string& name) const;
    std::string read(const std::string& name) const;  // "" when there is none

private:
    std::string root_;
};

// A run script that does nothing but stay: it execs a program that waits for signals, so TERM ends it at once.
inline const std::string stay = "exec sleep 1000000\n";

// What supervise/ says of the service in `directory`.
pid_t pid_in(const std::string& directory);         // of supervise/pid, 0 when it is empty or missing
std::string stat_in(const std::string& directory);  // of supervise/stat, without its newline
bool is_supervised(const std::string& directory);   // supervise/ok has a reader

}  // namespace support
