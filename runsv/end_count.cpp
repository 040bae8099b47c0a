#include "runsv/end_count.hpp"

namespace runsuite::runsv {

EndCount after_end(EndCount count, Instant ran)
{
    if (ran >= stable_run) count = {};
    ++count.in_a_row;
    const bool is_next = count.told == 0 || count.in_a_row / 10 >= count.told;
    if (is_next) count.told = count.in_a_row;
    return count;
}

Instant stable_at(const EndCount& count, Instant started)
{
    return count.in_a_row > count.told ? started + stable_run : never;
}

StartFailures after_failure(StartFailures failures, std::uint32_t cause)
{
    if (failures.cause != cause) failures = {cause, {}};
    failures.count = after_end(failures.count, Instant::zero());
    return failures;
}

}  // namespace runsuite::runsv
