#include "sv/settle_rule.hpp"

#include <csignal>
#include <cstring>

#include "support/catch.hpp"
#include "sv/end_text.hpp"
#include "sv/last_ends.hpp"

using namespace runsuite;
using namespace std::chrono_literals;
using namespace runsuite::sv;

namespace {

constexpr auto epoch = 1'700'000'000s;

Tai64n at(std::chrono::nanoseconds later)
{
    return Tai64n::from_unix(epoch + later);
}

DeathRecord end(std::chrono::nanoseconds when, std::chrono::milliseconds ran, bool asked = false)
{
    return {.at = at(when), .end = ExitRecord::of(78 << 8), .ran = ran, .asked = asked};
}

StatusRecord run(std::chrono::nanoseconds since, std::uint32_t pid = 7)
{
    return {.since = at(since), .pid = pid, .want = Want::Up, .state = ServiceState::Run};
}

StatusRecord down(std::chrono::nanoseconds since, Want want = Want::Up)
{
    return {.since = at(since), .want = want, .state = ServiceState::Down};
}

LastEnds ring(const std::vector<DeathRecord>& records)
{
    LastEnds ends;
    std::size_t size = 0;
    for (const auto& record : records) {
        const auto line = record.encode();
        std::copy(line.begin(), line.end(), ends.room().data() + size);
        size += line.size();
    }
    ends.set_size(size);
    return ends;
}

}  // namespace

TEST_CASE("a run has to last for the usual time, and for a second where the last end was unasked and is recent")
{
    CHECK(settle_time(100ms, std::nullopt, at(0s)) == 100ms);
    CHECK(settle_time(100ms, end(0s, 3ms), at(9999ms)) == 1s);
    CHECK(settle_time(100ms, end(0s, 3ms), at(10s)) == 100ms);
    CHECK(settle_time(100ms, end(0s, 3ms, true), at(1s)) == 100ms);
    CHECK(settle_time(5s, end(0s, 3ms), at(1s)) == 5s);
    CHECK(settle_time(0s, end(0s, 3ms), at(1s)) == 0s);
}

TEST_CASE("how long a run has lasted is said by its stamp, within what is known without the wall clock")
{
    const Limits none{0s, never};
    CHECK(lasted(run(0s), at(3s), none) == 3s);
    CHECK(lasted(run(3s), at(0s), none) == 0s);             // the clock was set back
    CHECK(lasted(run(3s), at(0s), {40ms, never}) == 40ms);  // but it was looked at for so long
    CHECK(lasted(run(0s), at(3600s), {0s, 20ms}) ==
          20ms);  // the clock was set ahead: it is no older than the command
    CHECK(lasted({.since = {}}, at(0s), none) >
          24h * 365);  // no stamp that there can be goes beyond what the type holds
}

TEST_CASE("an end fails the command unless it was asked for, came late, or is of the run that was to end")
{
    CHECK(is_early(end(0s, 3ms), 100ms, std::nullopt));
    CHECK_FALSE(is_early(end(0s, 3ms, true), 100ms, std::nullopt));
    CHECK_FALSE(is_early(end(0s, 100ms), 100ms, std::nullopt));
    CHECK_FALSE(is_early(end(50ms, 50ms), 100ms, run(0s)));
    CHECK_FALSE(is_early(end(50ms, 49ms), 100ms, run(0s)));
    CHECK(is_early(end(90ms, 20ms), 100ms, run(0s)));
    CHECK(is_early(end(50ms, 50ms), 100ms, down(0s)));
}

TEST_CASE("without deaths a run that was seen and is over has failed, or a service that became down once more")
{
    const Seen seen{down(-5s), run(0s)};
    CHECK(early_end_seen(seen, down(3ms), 100ms) == std::optional<Instant>(3ms));
    CHECK(early_end_seen(seen, run(50ms, 8), 100ms) == std::optional<Instant>(50ms));
    CHECK_FALSE(early_end_seen(seen, run(0s), 100ms));
    CHECK_FALSE(early_end_seen(seen, down(100ms), 100ms));
    CHECK_FALSE(early_end_seen(seen, down(3ms, Want::Down), 100ms));
    auto finishing = run(0s, 8);
    finishing.state = ServiceState::Finish;
    CHECK(early_end_seen(seen, finishing, 100ms) == std::optional<Instant>(0ms));
    auto with_term = seen;
    with_term.run->term_sent = true;
    CHECK_FALSE(early_end_seen(with_term, down(3ms), 100ms));

    CHECK(early_end_seen({down(-5s), std::nullopt}, down(0s), 100ms) == std::optional<Instant>(0ms));
    CHECK_FALSE(early_end_seen({down(-5s), std::nullopt}, down(-5s), 100ms));
    CHECK_FALSE(early_end_seen({run(-5s), std::nullopt}, down(0s), 100ms));
    CHECK_FALSE(early_end_seen({down(-5s), std::nullopt}, down(0s), 0ms));
}

TEST_CASE("the newest of the ring is found wherever it stands, and garbage is passed over")
{
    CHECK_FALSE(ring({}).newest());
    CHECK(ring({end(1s, 0ms), end(3s, 0ms), end(2s, 0ms)}).newest()->at == at(3s));
    LastEnds ends = ring({end(1s, 0ms), end(3s, 0ms)});
    std::memset(ends.room().data() + DeathRecord::size, 'x', 10);
    CHECK(ends.newest()->at == at(1s));
    ends.set_size(DeathRecord::size - 1);
    CHECK_FALSE(ends.newest());
}

TEST_CASE("a row is of unasked ends, and a run of a minute begins another one")
{
    CHECK(ring({}).in_a_row() == 0);
    CHECK(ring({end(3s, 0ms), end(1s, 0ms), end(2s, 0ms)}).in_a_row() == 3);
    CHECK(ring({end(1s, 0ms), end(2s, 0ms, true), end(3s, 0ms)}).in_a_row() == 1);
    CHECK(ring({end(1s, 0ms), end(2s, 60s), end(3s, 0ms)}).in_a_row() == 2);
    CHECK(ring({end(1s, 0ms), end(2s, 0ms, true)}).in_a_row() == 0);
}

TEST_CASE("an end is told with how, after what time, and how many there have been")
{
    const auto text = [](const EarlyEnd& one) {
        return std::string(end_text(one).view()) + std::string(row_text(one).view());
    };
    CHECK(text({end(0s, 3ms), 1, 3ms}) == "exited 78 after 3 ms");
    CHECK(text({end(0s, 3200ms), 5, 3200ms}) == "exited 78 after 3.2 s, 5 times in a row");
    CHECK(text({end(0s, 61s), 2, 61s}) == "exited 78 after 61 s, 2 times in a row");
    DeathRecord crash = end(0s, 0ms);
    crash.end = ExitRecord::of(SIGSEGV);
    crash.core = true;
    CHECK(text({crash, 1, 0ms}) == "killed 11, core dumped, after 0 ms");
    CHECK(text({std::nullopt, 1, 3ms}) == "ended after 3 ms");
    CHECK(text({std::nullopt, 1, 0ms}) == "ended");
}
