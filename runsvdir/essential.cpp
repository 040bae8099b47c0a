#include "runsvdir/essential.hpp"

#include <unistd.h>

#include <array>

#include "app/service_dir.hpp"
#include "runsvdir/service_file.hpp"

namespace runsuite::runsvdir {

void forget_end(const char* name)
{
    ::unlink(ServiceFile(name, service_dir::of_service.exit).path());
}

std::optional<ExitRecord> end_of(const char* name)
{
    std::array<char, 32> bytes;
    const auto text = ServiceFile(name, service_dir::of_service.exit).read(bytes);
    return text.empty() ? std::nullopt : ExitRecord::parse(text);
}

}  // namespace runsuite::runsvdir
