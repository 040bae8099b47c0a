#include <cstring>
#include <string>
#include <vector>

#include "init/utmpset_record.hpp"
#include "support/catch.hpp"

using namespace runsuite::utmpset;

namespace {

constexpr std::int64_t now = 0x65656565;

std::vector<char> record(short type, const std::string& line, const std::string& user, Layout layout = native)
{
    std::vector<char> bytes(layout.size, '\x55');
    utmpx fields{};
    fields.ut_type = type;
    fields.ut_pid = 77;
    std::memcpy(fields.ut_line, line.data(), std::min(line.size(), sizeof fields.ut_line));
    std::memcpy(fields.ut_id, "id", 2);
    std::memcpy(fields.ut_user, user.data(), user.size());
    std::memcpy(fields.ut_host, "host", 4);
    std::memcpy(bytes.data(), &fields, offsetof(utmpx, ut_exit));
    return bytes;
}

std::string text_at(const std::vector<char>& bytes, std::size_t at)
{
    return std::string(&bytes[at], ::strnlen(&bytes[at], 32));
}

std::int64_t time_of(const std::vector<char>& bytes, Layout layout)
{
    std::int64_t wide_time = 0;
    std::int32_t narrow_time = 0;
    std::memcpy(&wide_time, &bytes[layout.time], sizeof wide_time);
    std::memcpy(&narrow_time, &bytes[layout.time], sizeof narrow_time);
    return layout.has_64_bit_time ? wide_time : narrow_time;
}

}  // namespace

TEST_CASE("the layout of a file is that of most of its records, whatever its size")
{
    for (const std::uint64_t size :
         {std::uint64_t{1200}, std::uint64_t{1152}, std::uint64_t{9600}, std::uint64_t{1153}}) {
        CHECK(layout_of({.file_size = size, .narrow_records = 3}) == narrow);
        CHECK(layout_of({.file_size = size, .wide_records = 3}) == wide);
        CHECK(layout_of({.file_size = size, .narrow_records = 1, .wide_records = 24}) == wide);
    }
}

TEST_CASE("where its records do not tell the layout of a file, its size does, unless it fits both or none")
{
    CHECK(layout_of({.file_size = 3 * narrow.size}) == narrow);
    CHECK(layout_of({.file_size = 3 * wide.size}) == wide);
    CHECK(layout_of({.file_size = 3 * wide.size, .narrow_records = 1, .wide_records = 1}) == wide);
    for (const std::uint64_t size :
         {std::uint64_t{0}, std::uint64_t{100}, std::uint64_t{9600}, std::uint64_t{1153}}) {
        CHECK_FALSE(layout_of({.file_size = size}));
    }
}

TEST_CASE("a record tells its layout by the place of its time")
{
    auto bytes = record(USER_PROCESS, "tty1", "joe");
    for (const auto& [layout, other] : {std::pair{narrow, wide}, std::pair{wide, narrow}}) {
        bytes.assign(largest_record, '\0');
        CHECK_FALSE(is_of(layout, bytes));
        fill_logout({bytes.data(), layout.size}, layout, "tty1", now);
        CHECK(is_of(layout, bytes));
        CHECK_FALSE(is_of(other, bytes));
        for (const int number : {EMPTY, DEAD_PROCESS + 2, -1, 0x4141}) {
            const auto type = static_cast<short>(number);
            std::memcpy(bytes.data(), &type, sizeof type);
            CHECK_FALSE(is_of(layout, bytes));
        }
    }
}

TEST_CASE("the next record goes behind the last whole one, in the layout of the file")
{
    for (const auto& likely : {narrow, wide}) {
        CHECK(place_of_next({.file_size = 0}, likely) == Place{likely, 0});
        CHECK(place_of_next({.file_size = 9600}, likely) == Place{likely, 9600});
        CHECK(place_of_next({.file_size = 9600, .wide_records = 24}, likely) == Place{wide, 9600});
        CHECK(place_of_next({.file_size = 1200}, likely) == Place{wide, 1200});
        CHECK(place_of_next({.file_size = 1152 + 50, .narrow_records = 3}, likely) == Place{narrow, 1152});
    }
}

TEST_CASE("what could be records of the other layout is never taken for a part of one")
{
    CHECK_FALSE(place_of_next({.file_size = 1152 + 48, .narrow_records = 3}, narrow));
    CHECK_FALSE(place_of_next({.file_size = 384 * 26, .wide_records = 24}, wide));
    CHECK_FALSE(place_of_next({.file_size = 1153}, narrow));
    CHECK_FALSE(place_of_next({.file_size = 1153, .narrow_records = 1, .wide_records = 1}, wide));
}

#if defined(__GLIBC__) && defined(__x86_64__)
TEST_CASE("the narrow layout is glibc's")
{
    CHECK(native == narrow);
}
#endif

TEST_CASE("a login is a record of a process with a user and that line")
{
    CHECK(is_login_on("tty1", record(USER_PROCESS, "tty1", "joe")));
    CHECK(is_login_on("tty1", record(LOGIN_PROCESS, "tty1", "LOGIN")));
    CHECK(is_login_on("tty1", record(INIT_PROCESS, "tty1", "x")));
    CHECK(is_login_on("tty1", record(DEAD_PROCESS, "tty1", "left")));
    CHECK_FALSE(is_login_on("tty1", record(USER_PROCESS, "tty1", "")));
    CHECK_FALSE(is_login_on("tty1", record(USER_PROCESS, "tty11", "joe")));
    CHECK_FALSE(is_login_on("tty11", record(USER_PROCESS, "tty1", "joe")));
    CHECK_FALSE(is_login_on("", record(USER_PROCESS, "", "joe")));
    CHECK_FALSE(is_login_on("~", record(BOOT_TIME, "~", "reboot")));
    CHECK_FALSE(is_login_on("~", record(RUN_LVL, "~", "runlevel")));
    CHECK_FALSE(is_login_on("tty1", record(EMPTY, "tty1", "joe")));
}

TEST_CASE("a line of 32 characters needs no end")
{
    const std::string longest(longest_line, 'p');
    CHECK(is_login_on(longest, record(USER_PROCESS, longest, "joe")));
    CHECK_FALSE(is_login_on(longest + "p", record(USER_PROCESS, longest, "joe")));
    CHECK_FALSE(is_login_on(longest.substr(1), record(USER_PROCESS, longest, "joe")));
}

TEST_CASE("a logout changes type, user, host and time, and nothing else")
{
    for (const auto& layout : {narrow, wide}) {
        const auto before = record(USER_PROCESS, "tty1", "joe", layout);
        auto bytes = before;
        log_out(bytes, layout, now);
        CHECK(bytes[offsetof(utmpx, ut_type)] == DEAD_PROCESS);
        CHECK(text_at(bytes, offsetof(utmpx, ut_user)).empty());
        CHECK(text_at(bytes, offsetof(utmpx, ut_host)).empty());
        CHECK(time_of(bytes, layout) == now);

        auto rest = bytes;
        const auto restore = [&](std::size_t at, std::size_t size) { std::memcpy(&rest[at], &before[at], size); };
        restore(offsetof(utmpx, ut_type), 2);
        restore(offsetof(utmpx, ut_user), sizeof(utmpx::ut_user) + sizeof(utmpx::ut_host));
        restore(layout.time, layout.has_64_bit_time ? 16 : 8);
        CHECK(rest == before);
    }
}

TEST_CASE("the record for wtmp has the line and the time alone")
{
    for (const auto& layout : {narrow, wide}) {
        std::vector<char> bytes(layout.size, '\x55');
        fill_logout(bytes, layout, "tty1", now);
        CHECK(bytes[offsetof(utmpx, ut_type)] == DEAD_PROCESS);
        CHECK(text_at(bytes, offsetof(utmpx, ut_line)) == "tty1");
        CHECK(time_of(bytes, layout) == now);
        const auto other = [](char byte) { return byte != '\0'; };
        CHECK(std::count_if(bytes.begin(), bytes.end(), other) == 1 + 4 + 4);
    }
}
