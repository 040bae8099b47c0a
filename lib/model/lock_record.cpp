#include "model/lock_record.hpp"

#include <algorithm>

namespace runsuite {

namespace {

bool is_flag(const bool& flag)
{
    return reinterpret_cast<const unsigned char&>(flag) <= 1;
}

}  // namespace

std::optional<LockRecord> LockRecord::decode(std::string_view bytes)
{
    if (bytes.size() != sizeof(LockRecord)) return std::nullopt;
    LockRecord record;
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(&record));
    const bool is_one = record.format == the_format && record.phase <= Phase::Finish &&
                        record.want <= Want::Exit && is_flag(record.once) && is_flag(record.paused) &&
                        is_flag(record.term_sent) && is_flag(record.told_to_end);
    return is_one ? std::optional(record) : std::nullopt;
}

}  // namespace runsuite
