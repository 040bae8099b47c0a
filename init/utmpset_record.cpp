#include "init/utmpset_record.hpp"

#include <algorithm>
#include <cstring>

namespace runsuite::utmpset {

namespace {

constexpr std::size_t type_at = offsetof(utmpx, ut_type);
constexpr std::size_t line_at = offsetof(utmpx, ut_line);
constexpr std::size_t user_at = offsetof(utmpx, ut_user);
constexpr std::size_t host_at = offsetof(utmpx, ut_host);
constexpr short last_type = DEAD_PROCESS + 1;  // ACCOUNTING, where the system names it
static_assert(host_at + sizeof(utmpx::ut_host) <= narrow.time);

template <typename Number>
Number number_at(std::span<const char> record, std::size_t at)
{
    Number number{};
    std::memcpy(&number, &record[at], sizeof number);
    return number;
}

bool is_whole(std::uint64_t file_size, Layout layout)
{
    return file_size % layout.size == 0;
}

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

bool is_of(Layout layout, std::span<const char> record)
{
    const auto type = number_at<short>(record, type_at);
    if (type <= EMPTY || type > last_type) return false;
    const auto narrow_seconds = number_at<std::int32_t>(record, narrow.time);  // nothing in the wide one
    if (layout.has_64_bit_time != (narrow_seconds == 0)) return false;
    const std::int64_t seconds =
        layout.has_64_bit_time ? number_at<std::int64_t>(record, layout.time) : narrow_seconds;
    const std::int64_t fraction = layout.has_64_bit_time
                                      ? number_at<std::int64_t>(record, layout.time + sizeof(std::int64_t))
                                      : number_at<std::int32_t>(record, layout.time + sizeof(std::int32_t));
    return seconds > 0 && fraction >= 0 && fraction < 1'000'000;
}

std::optional<Layout> layout_of(const Evidence& file)
{
    if (file.narrow_records != file.wide_records) return file.narrow_records > file.wide_records ? narrow : wide;
    const bool is_narrow = is_whole(file.file_size, narrow);
    if (is_narrow == is_whole(file.file_size, wide)) return std::nullopt;
    return is_narrow ? narrow : wide;
}

std::optional<Place> place_of_next(const Evidence& file, Layout likely)
{
    const auto told = layout_of(file);
    const Layout layout = told.value_or(likely);
    const bool may_cut = told && !is_whole(file.file_size, narrow) && !is_whole(file.file_size, wide);
    if (!may_cut && !is_whole(file.file_size, layout)) return std::nullopt;
    return Place{layout, file.file_size - file.file_size % layout.size};
}

bool is_login_on(std::string_view line, std::span<const char> record)
{
    const auto type = number_at<short>(record, type_at);
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
