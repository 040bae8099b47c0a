#include "init/utmpset_record.hpp"

#include <algorithm>
#include <cstring>

namespace runsuite::utmpset {

namespace {

constexpr std::size_t type_at = offsetof(utmpx, ut_type);
constexpr std::size_t line_at = offsetof(utmpx, ut_line);
constexpr std::size_t user_at = offsetof(utmpx, ut_user);
constexpr std::size_t host_at = offsetof(utmpx, ut_host);
static_assert(host_at + sizeof(utmpx::ut_host) <= narrow.time);

void put_type_and_time(std::span<char> record, Layout layout, std::int64_t now)
{
    const short type = DEAD_PROCESS;
    std::memcpy(&record[type_at], &type, sizeof type);
    const std::int64_t wide_time[] = {now, 0};
    const std::int32_t narrow_time[] = {static_cast<std::int32_t>(now), 0};
    if (layout.has_64_bit_time) std::memcpy(&record[layout.time], wide_time, sizeof wide_time);
    else std::memcpy(&record[layout.time], narrow_time, sizeof narrow_time);
}

}  // namespace

Layout layout_of(std::uint64_t file_size, Layout likely)
{
    const Layout other = likely == narrow ? wide : narrow;
    return file_size % likely.size != 0 && file_size % other.size == 0 ? other : likely;
}

bool is_login_on(std::string_view line, std::span<const char> record)
{
    short type = 0;
    std::memcpy(&type, &record[type_at], sizeof type);
    if (type < INIT_PROCESS || type > DEAD_PROCESS || record[user_at] == '\0') return false;
    const char* const name = &record[line_at];
    const std::size_t size = ::strnlen(name, longest_line);
    return size != 0 && std::string_view(name, size) == line;
}

void log_out(std::span<char> record, Layout layout, std::int64_t now)
{
    std::memset(&record[user_at], 0, sizeof(utmpx::ut_user));
    std::memset(&record[host_at], 0, sizeof(utmpx::ut_host));
    put_type_and_time(record, layout, now);
}

void fill_logout(std::span<char> record, Layout layout, std::string_view line, std::int64_t now)
{
    std::fill(record.begin(), record.end(), '\0');
    std::memcpy(&record[line_at], line.data(), std::min(line.size(), longest_line));
    put_type_and_time(record, layout, now);
}

}  // namespace runsuite::utmpset
