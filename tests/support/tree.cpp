#include "support/tree.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "support/process.hpp"

namespace support {

namespace {

std::string contents_of(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

Tree::Tree()
{
    std::string pattern = (std::filesystem::temp_directory_path() / "runsuite-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    root_ = pattern;
}

Tree::~Tree()
{
    end_all_descendants();
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
}

std::string Tree::path(const std::string& name) const
{
    return name.empty() ? root_ : root_ + "/" + name;
}

void Tree::directory(const std::string& name) const
{
    std::filesystem::create_directories(path(name));
}

void Tree::file(const std::string& name, const std::string& text, mode_t mode) const
{
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << text;
    ::chmod(path(name).c_str(), mode);
}

void Tree::script(const std::string& name, const std::string& body) const
{
    file(name, "#!/bin/sh\n" + body, 0755);
}

void Tree::remove(const std::string& name) const
{
    std::filesystem::remove_all(path(name));
}

void Tree::append(const std::string& name, const std::string& bytes) const
{
    const int fd = ::open(path(name).c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0644);
    if (fd < 0) throw std::runtime_error("open " + name);
    const auto written = ::write(fd, bytes.data(), bytes.size());
    ::close(fd);
    if (written != static_cast<ssize_t>(bytes.size())) throw std::runtime_error("write " + name);
}

bool Tree::has(const std::string& name) const
{
    return std::filesystem::exists(path(name));
}

std::string Tree::read(const std::string& name) const
{
    return contents_of(path(name));
}

pid_t pid_in(const std::string& directory)
{
    const std::string text = contents_of(directory + "/supervise/pid");
    return text.empty() ? 0 : static_cast<pid_t>(std::stol(text));
}

std::string stat_in(const std::string& directory)
{
    std::string text = contents_of(directory + "/supervise/stat");
    if (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

bool is_supervised(const std::string& directory)
{
    const int fd = ::open((directory + "/supervise/ok").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0) ::close(fd);
    return fd >= 0;
}

}  // namespace support
