#include "support/programs.hpp"

#include <cstdlib>
#include <filesystem>

namespace support {

namespace {

// RUNSUITE_SV for one program, RUNSUITE_REFERENCE for the directory of all, or of those that are not in the sbin beside
// it; "" when neither is there.
std::string named_by_environment(const std::string& name)
{
    std::string variable = "RUNSUITE_";
    for (const char letter : name) variable += letter == '-' ? '_' : static_cast<char>(std::toupper(letter));
    if (const char* named = std::getenv(variable.c_str())) return named;
    const char* directory = std::getenv("RUNSUITE_REFERENCE");
    if (directory == nullptr) return "";
    const std::string path = directory + ("/" + name);
    const std::string beside = directory + ("/../sbin/" + name);
    return !std::filesystem::exists(path) && std::filesystem::exists(beside) ? beside : path;
}

}  // namespace

std::string ours(const std::string& name)
{
    return std::string(RUNSUITE_BIN) + "/" + name;
}

std::string program(const std::string& name)
{
    const std::string named = named_by_environment(name);
    return named.empty() ? ours(name) : named;
}

bool is_reference(const std::string& name)
{
    return !named_by_environment(name).empty();
}

std::string path_with_programs(const std::string& directory)
{
    std::filesystem::create_directories(directory);
    for (const char* name : {"runsv", "runsvdir", "sv", "chpst", "svlogd"}) {
        const std::filesystem::path link = directory + "/" + name;
        std::filesystem::remove(link);
        std::filesystem::create_symlink(program(name), link);
    }
    return directory + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

}  // namespace support
