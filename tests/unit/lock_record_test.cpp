#include "model/lock_record.hpp"

#include <string>

#include "support/catch.hpp"

using namespace runsuite;

namespace {

LockRecord some_record()
{
    LockRecord record;
    record.space.boot[0] = 'b';
    record.process = {.alive_at = 7, .pid = 8};
    record.phase = LockRecord::Phase::Finish;
    record.want = Want::Exit;
    record.script = 't';
    record.set_since({(1ULL << 62) + 1, 2});
    return record;
}

}  // namespace

TEST_CASE("a lock record comes out of its bytes as it went in")
{
    const LockRecord record = some_record();
    CHECK(LockRecord::decode(record.bytes()) == record);
    CHECK(record.since() == Tai64n{(1ULL << 62) + 1, 2});
}

TEST_CASE("what is no lock record is none: cut, longer, of another format, or with values that there are not")
{
    const std::string bytes{some_record().bytes()};
    for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(LockRecord::decode(bytes.substr(0, size)));
    CHECK_FALSE(LockRecord::decode(bytes + "x"));
    std::string other = bytes;
    other[15] = '2';
    CHECK_FALSE(LockRecord::decode(other));
    for (const auto member :
         {offsetof(LockRecord, phase), offsetof(LockRecord, want), offsetof(LockRecord, once),
          offsetof(LockRecord, paused), offsetof(LockRecord, term_sent), offsetof(LockRecord, told_to_end)}) {
        std::string bad = bytes;
        bad[member] = '\x7f';
        CHECK_FALSE(LockRecord::decode(bad));
    }
}
