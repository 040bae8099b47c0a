#include "model/exit_record.hpp"

#include <csignal>

#include "support/catch.hpp"

using namespace runsuite;

TEST_CASE("the end of a program is told in a line and read back")
{
    for (int code = 0; code < 256; ++code) {
        const ExitRecord record = ExitRecord::of(code << 8);
        CHECK(record == ExitRecord{ExitRecord::How::Exited, code});
        CHECK(record.exit_code() == code);
        CHECK(ExitRecord::parse(record.text().view()) == record);
    }
    const ExitRecord killed = ExitRecord::of(SIGKILL);
    CHECK(killed.text().view() == "killed 9");
    CHECK(killed.exit_code() == 137);
    CHECK(ExitRecord::of(SIGSEGV | 128).exit_code() == 139);
    CHECK(ExitRecord::parse("killed 9\n") == killed);
}

TEST_CASE("the end of a process that was not our child is unknown")
{
    CHECK(ExitRecord::of(-1).text().view() == "unknown");
    CHECK(ExitRecord::of(-1).exit_code() == 111);
    CHECK(ExitRecord::parse("unknown\n") == ExitRecord{});
}

TEST_CASE("what is no such line is none")
{
    for (const char* text :
         {"", "exited", "exited ", "exited x", "exited 256", "exited -1", "killed 1 ", "dead 1"}) {
        CHECK_FALSE(ExitRecord::parse(text));
    }
}
