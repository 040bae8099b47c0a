// Any bytes as supervise/status, supervise/exit, supervise/lock and a line of supervise/deaths: what is taken is given back unchanged.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/death_record.hpp"
#include "model/exit_record.hpp"
#include "model/lock_record.hpp"
#include "model/status_record.hpp"

using namespace runsuite;

namespace {

void try_status(std::span<const unsigned char> bytes)
{
    const auto record = StatusRecord::decode(bytes);
    if (!record) return;
    if (StatusRecord::decode(record->encode()) != record) std::abort();
    if (!stat_text(*record).view().starts_with(name_of(record->state))) std::abort();
    if (pid_text(*record).view().empty() != (record->pid == 0)) std::abort();
}

void try_exit(std::string_view line)
{
    const auto record = ExitRecord::parse(line);
    if (record && ExitRecord::parse(record->text().view()) != record) std::abort();
}

void try_death(std::string_view bytes)
{
    const auto record = DeathRecord::decode(bytes);
    if (!record) return;
    const auto line = record->encode();
    if (DeathRecord::decode({line.data(), line.size()}) != record) std::abort();
}

void try_lock(std::string_view bytes)
{
    const auto record = LockRecord::decode(bytes);
    if (record && record->bytes() != bytes) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    try_status({bytes, size});
    try_exit({reinterpret_cast<const char*>(bytes), size});
    try_lock({reinterpret_cast<const char*>(bytes), size});
    try_death({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
