#include <vector>

#include "runsvdir/look_rule.hpp"
#include "runsvdir/scan_rule.hpp"
#include "support/catch.hpp"

using namespace runsuite;
using namespace runsuite::runsvdir;
using namespace std::chrono_literals;

namespace {

constexpr Instant now = 100s;

// Every service that the loop can come to know, as far as the rule tells them apart.
std::vector<Known> every_service()
{
    std::vector<Known> services;
    for (const bool wanted : {true, false}) {
        for (const pid_t pid : {0, 7}) {
            for (const Instant not_before : {Instant::zero(), now, now + 1ns, now + 1s}) {
                for (const Instant term_sent : {Instant::zero(), now - 1s}) {
                    Known known;
                    known.wanted = wanted;
                    known.pid = pid;
                    known.not_before = not_before;
                    known.term_sent = term_sent;
                    services.push_back(known);
                }
            }
        }
    }
    return services;
}

Known leaving(Instant term_sent)
{
    Known known;
    known.wanted = known.seen = false;
    known.pid = 5;
    known.term_sent = term_sent;
    return known;
}

}  // namespace

TEST_CASE("a service without a runsv is started, and no sooner than a second after its last start")
{
    Known known;
    CHECK(due(known, nullptr, now) == Due::Start);
    known = after_death(after_start(known, 7, now));
    CHECK(due(known, nullptr, now + 999ms) == Due::Nothing);
    CHECK(deadline(known, nullptr) == now + 1s);
    CHECK(due(known, nullptr, now + 1s) == Due::Start);
}

TEST_CASE("a runsv that lived for a second is followed by the next one at once")
{
    const Known known = after_death(after_start(Known{}, 7, now));
    CHECK(due(known, nullptr, now + 10s) == Due::Start);
}

TEST_CASE("a runsv that somebody told to exit is followed by the next one two seconds later")
{
    const Known known = after_told_death(after_start(Known{}, 7, now), now + 1h);
    CHECK(deadline(known, nullptr) == now + 1h + 2s);
    CHECK(due(known, nullptr, now + 1h + 1999ms) == Due::Nothing);
    CHECK(due(known, nullptr, now + 1h + 2s) == Due::Start);
}

TEST_CASE("a runsv that we have told to end is followed at once when its service is wanted again")
{
    const Known known = after_told_death(after_term(after_start(Known{}, 7, now), now + 1min), now + 1h);
    CHECK(due(known, nullptr, now + 1h) == Due::Start);
}

TEST_CASE("one that was taken over is followed by the next one at once")
{
    const Known taken = after_take_over(Known{}, 7, 3, now);
    CHECK(due(taken, nullptr, now) == Due::Nothing);
    CHECK(due(after_death(taken), nullptr, now) == Due::Start);
    CHECK_FALSE(after_death(taken).is_taken_over);
    CHECK(after_death(taken).watch == -1);
}

TEST_CASE("a removed service gets TERM once and is forgotten when its runsv is gone")
{
    Known known = after_start(Known{}, 7, now);
    known.seen = false;
    known = after_scan(known);
    CHECK(due(known, nullptr, now) == Due::Stop);
    known = after_term(known, now);
    CHECK(due(known, nullptr, now + 1h) == Due::Nothing);
    CHECK(deadline(known, nullptr) == never);
    CHECK(due(after_death(known), nullptr, now) == Due::Forget);
}

TEST_CASE("a service that comes back while its runsv ends is started again after that")
{
    Known known = after_start(Known{}, 7, now);
    known.seen = false;
    known = after_term(after_scan(known), now);
    known.seen = true;
    known = after_scan(known);
    CHECK(due(known, nullptr, now + 1h) == Due::Nothing);
    known = after_death(known);
    CHECK(due(known, nullptr, now + 1s) == Due::Start);
    CHECK(known.term_sent == Instant::zero());
}

TEST_CASE("a service waits for the runsv of its predecessor, and says so once after five seconds")
{
    Known predecessor = leaving(now);
    const Known known;
    CHECK(due(known, &predecessor, now) == Due::Nothing);
    CHECK(deadline(known, &predecessor) == now + 5s);
    CHECK(due(known, &predecessor, now + 5s) == Due::Tell);
    predecessor.succession_told = true;
    CHECK(due(known, &predecessor, now + 1h) == Due::Nothing);
    CHECK(deadline(known, &predecessor) == never);
    CHECK(due(known, nullptr, now + 1h) == Due::Start);
}

TEST_CASE("at every moment something is due, or there is a runsv, a deadline or a predecessor to wait for")
{
    for (const Known& known : every_service()) {
        for (const bool is_held_back : {false, true}) {
            const Known predecessor = leaving(now);
            const Known* const held_by = is_held_back ? &predecessor : nullptr;
            const bool acts = due(known, held_by, now) != Due::Nothing;
            const bool waits = known.pid != 0 || is_held_back || deadline(known, held_by) != never;
            CHECK((acts || waits));
        }
    }
}

TEST_CASE("nothing is due before the deadline, and something is at it")
{
    for (const Known& known : every_service()) {
        const Instant at = deadline(known, nullptr);
        if (at == never || at <= now) continue;
        CHECK(due(known, nullptr, at - 1ns) == Due::Nothing);
        CHECK(due(known, nullptr, at) != Due::Nothing);
    }
}

TEST_CASE("no service ever has two runsv")
{
    for (const Known& known : every_service()) {
        if (known.pid != 0) CHECK(due(known, nullptr, now + 1h) != Due::Start);
    }
}

TEST_CASE("a lasting failure is told once and then once a minute, another one at once")
{
    Complaint complaint;
    CHECK(complaint.is_due(2, now));
    CHECK_FALSE(complaint.is_due(2, now + 59s));
    CHECK(complaint.is_due(13, now + 59s));
    CHECK(complaint.is_due(13, now + 119s));
    complaint.settle();
    CHECK(complaint.is_due(13, now + 120s));
}

TEST_CASE("each name has complaints of its own, and of very many the oldest is told again")
{
    Complaints complaints;
    CHECK(complaints.is_due("one", 2, now));
    CHECK(complaints.is_due("two", 2, now));
    CHECK_FALSE(complaints.is_due("one", 2, now + 59s));
    CHECK(complaints.is_due("one", 13, now + 59s));
    CHECK(complaints.is_due("two", 2, now + 60s));
    for (int number = 0; number < 64; ++number) CHECK(complaints.is_due(std::to_string(number), 2, now + 60s));
    CHECK(complaints.is_due("one", 13, now + 60s));
}

TEST_CASE("a directory that the kernel tells of is never looked at without a reason")
{
    CHECK(next_look({true, true, 0s}, now) == NextLook{never, false});
}

TEST_CASE("a directory that the kernel does not tell of is looked at every five seconds")
{
    CHECK(next_look({true, false, 1h}, now) == NextLook{now + 5s, false});
}

TEST_CASE("a directory that changed just now is scanned again a second later: its stamp may be too coarse")
{
    CHECK(next_look({true, false, 10ms}, now) == NextLook{now + 1s, true});
}

TEST_CASE("a stamp from the future does not make it scan for ever")
{
    CHECK(next_look({true, false, -1h}, now) == NextLook{now + 5s, false});
}

TEST_CASE("a scan that missed something is repeated after five seconds, even where the kernel tells of changes")
{
    CHECK(next_look({false, true, 1h}, now) == NextLook{now + 5s, true});
}
