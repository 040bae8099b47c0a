#include "svlogd/local_time.hpp"

#include <unistd.h>

#include <ctime>

namespace runsuite::svlogd {

std::int32_t local_offset(std::int64_t second)
{
    const std::time_t moment = second;
    std::tm parts{};
    return ::localtime_r(&moment, &parts) != nullptr ? static_cast<std::int32_t>(parts.tm_gmtoff) : 0;
}

void name_service(FixedString<64>& service, FixedString<64>& host)
{
    char directory[1024] = "";
    std::string_view path = ::getcwd(directory, sizeof directory) != nullptr ? directory : "";
    if (path.ends_with("/log")) path.remove_suffix(4);
    path.remove_prefix(path.rfind('/') + 1);  // npos + 1 is 0
    service.append(path.empty() ? "-" : path);
    char name[65] = "";  // as long as Linux has them, and the NUL
    host.append(::gethostname(name, sizeof name) == 0 && name[0] != '\0' ? name : "-");
}

}  // namespace runsuite::svlogd
