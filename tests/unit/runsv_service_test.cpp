#include "runsv/service.hpp"

#include <sys/wait.h>

#include "runsv_world.hpp"
#include "support/catch.hpp"

using namespace world;
using namespace std::chrono_literals;

namespace {

// Up for longer than a second, so that its end is no crash loop.
World running(const std::string& scripts = "")
{
    World world;
    world.scripts = scripts;
    world.tick();
    if (world.service.state == State::Preparing) world.end();
    world.pass(5s);
    world.done();
    return world;
}

}  // namespace

TEST_CASE("a service that is wanted up is started at once")
{
    World world;
    world.tick();
    CHECK(world.done() == "run");
    CHECK(world.service.state == State::Run);
    CHECK(world.service.pid == 100);
}

TEST_CASE("a service with a down file waits to be told")
{
    World world(Kind::Main, Want::Down);
    world.tick();
    CHECK(world.done().empty());
    CHECK(deadline(world.service) == never);
    world.tell('u');
    CHECK(world.done() == "run");
}

TEST_CASE("a run that lived for a second or longer is restarted at once")
{
    World world;
    world.tick();
    world.done();
    world.pass(1000ms);
    world.end();
    CHECK(world.done() == "run");
}

TEST_CASE("a run that ended sooner is restarted a second later and not before")
{
    World world;
    world.tick();
    world.done();
    world.pass(999ms);
    world.end();
    CHECK(world.service.state == State::Down);
    CHECK(deadline(world.service) == world.time.monotonic + 1s);
    world.pass(999ms);
    world.tick();
    CHECK(world.done().empty());
    world.pass(1ms);
    world.tick();
    CHECK(world.done() == "run");
}

TEST_CASE("run and finish count together for the second, and nothing waits between them")
{
    World world;
    world.has_finish = true;
    world.tick();
    world.pass(400ms);
    world.end();
    CHECK(world.done() == "run finish");
    world.pass(700ms);
    world.end();
    CHECK(world.done() == "run");
}

TEST_CASE("an end that a TERM asked for is no crash: the next start is not put off")
{
    World world;
    world.tick();
    world.tell_all("tcu");
    world.end(SIGTERM);
    CHECK(world.done() == "run term cont run");
}

TEST_CASE("an end by a signal that was no TERM is put off like a crash")
{
    World world;
    world.tick();
    world.tell('k');
    world.end(SIGKILL);
    CHECK(world.done() == "run kill");
    CHECK(deadline(world.service) == world.time.monotonic + 1s);
}

TEST_CASE("commands are answered while the second is waited out")
{
    World world;
    world.tick();
    world.end();
    world.done();
    world.tell('d');
    CHECK(deadline(world.service) == never);
    world.tell('x');
    CHECK(world.done() == "retire");
}

TEST_CASE("finish gets the exit code and zero, or -1 and the low byte of the wait status")
{
    CHECK(finish_arguments(W_EXITCODE(3, 0)).code == 3);
    CHECK(finish_arguments(W_EXITCODE(3, 0)).status == 0);
    CHECK(finish_arguments(W_EXITCODE(0, SIGTERM)).code == -1);
    CHECK(finish_arguments(W_EXITCODE(0, SIGTERM)).status == SIGTERM);
    CHECK(finish_arguments(W_EXITCODE(0, SIGSEGV) | 0x80).status == SIGSEGV + 128);
    CHECK(finish_arguments(unknown_wait_status).code == -1);
    CHECK(finish_arguments(unknown_wait_status).status == 0);
}

TEST_CASE("while finish runs the state is finish, the pid is its own and the time is that of the run")
{
    World world = running();
    world.has_finish = true;
    const auto since = world.service.since;
    world.end();
    const StatusRecord record = record_of(world.service);
    CHECK(record.state == ServiceState::Finish);
    CHECK(record.pid == 101);
    CHECK(record.since == since);
}

TEST_CASE("no signal is sent to a finish but the one that ends it whatever it does")
{
    World world = running();
    world.has_finish = true;
    world.end();
    world.done();
    world.tell_all("tpchaiq12");
    CHECK(world.done().empty());
    world.scripts = "k";
    world.tell('k');
    CHECK(world.done() == "kill");
    CHECK_FALSE(world.service.paused);
    CHECK_FALSE(world.service.term_sent);
}

TEST_CASE("a finish is not left out when no process can be made: it is tried again in a second")
{
    World world = running();
    world.has_finish = true;
    world.can_fork = false;
    world.end();
    CHECK(world.done() == "no-fork");
    CHECK(deadline(world.service) == world.time.monotonic + 1s);
    world.can_fork = true;
    world.pass(1s);
    world.tick();
    CHECK(world.done() == "finish");
    world.end();
    CHECK(world.done() == "run");
}

TEST_CASE("a start is tried again in a second when no process can be made")
{
    World world;
    world.can_fork = false;
    world.tick();
    CHECK(world.done() == "no-fork");
    CHECK(world.service.state == State::Down);
    CHECK(deadline(world.service) == world.time.monotonic + 1s);
    world.can_fork = true;
    world.pass(1s);
    world.tick();
    CHECK(world.done() == "run");
}

TEST_CASE("down sends TERM and CONT and withdraws the restart")
{
    World world = running();
    world.tell('d');
    CHECK(world.done() == "term cont");
    CHECK(stat_text(record_of(world.service)).view() == "run, got TERM, want down\n");
    world.end();
    CHECK(world.done().empty());
    CHECK(stat_text(record_of(world.service)).view() == "down\n");
    CHECK(deadline(world.service) == never);
}

TEST_CASE("once on a running service withdraws the restart and does not stop it")
{
    World world = running();
    world.tell('o');
    CHECK(world.done().empty());
    CHECK(world.service.state == State::Run);
    world.end();
    CHECK(world.done().empty());
    CHECK(world.service.state == State::Down);
}

TEST_CASE("once on a service that is down starts it and does not restart it")
{
    World world(Kind::Main, Want::Down);
    world.tell('o');
    CHECK(world.done() == "run");
    CHECK(world.service.want == Want::Down);
    world.pass(5s);
    world.end();
    CHECK(world.done().empty());
}

TEST_CASE("once while finish runs starts the service when that has ended")
{
    World world = running();
    world.has_finish = true;
    world.tell('d');
    world.end();
    world.tell('o');
    CHECK(world.done() == "term cont finish");
    world.end();
    CHECK(world.done() == "run");
    CHECK(world.service.want == Want::Down);
}

TEST_CASE("once is kept until the second is over")
{
    World world;
    world.tick();
    world.end();
    world.tell('o');
    CHECK(world.done() == "run");
    world.pass(1s);
    world.tick();
    CHECK(world.done() == "run");
    CHECK(world.service.want == Want::Down);
}

TEST_CASE("up cancels an earlier down, once or exit as long as the service has not ended")
{
    for (const char byte : {'d', 'o', 'x'}) {
        World world = running();
        world.tell(byte);
        world.tell('u');
        world.done();
        world.end();
        CHECK(world.done() == "run");
    }
}

TEST_CASE("exit on a running service retires it after its finish")
{
    World world = running();
    world.has_finish = true;
    world.tell('x');
    CHECK(world.done() == "term cont");
    CHECK(stat_text(record_of(world.service)).view() == "run, got TERM, want exit\n");
    CHECK(record_of(world.service).encode()[17] == 'd');
    world.end();
    CHECK(world.done() == "finish");
    world.end();
    CHECK(world.done() == "retire");
}

TEST_CASE("exit on a service that is down already still retires it")
{
    World world(Kind::Main, Want::Down);
    world.tell('x');
    CHECK(world.done() == "retire");
}

TEST_CASE("down and exit on a service that is down ask no script")
{
    World world(Kind::Main, Want::Down);
    world.scripts = "tdx";
    world.tell_all("dx");
    CHECK(world.done() == "retire");
}

TEST_CASE("every signal command sends its signal to a running service and nothing to one that is down")
{
    for (const auto& row : command_table) {
        if (row.signal == 0) continue;
        World up = running();
        up.feed({.what = Event::What::Told, .command = row.command});
        CHECK(up.done() == row.word);
        World down(Kind::Main, Want::Down);
        down.feed({.what = Event::What::Told, .command = row.command});
        CHECK(down.done().empty());
        CHECK_FALSE(down.service.paused);
    }
}

TEST_CASE("TERM to a service that is not to come back is followed by CONT and control/d or control/x")
{
    World world = running("dx");
    world.tell('o');
    world.tell('t');
    CHECK(world.done() == "term cont control/d");
    world.script_ends();
    world.tell('x');
    CHECK(world.done() == "term cont control/x");
}

TEST_CASE("a control script that exits 0 keeps its signal back")
{
    for (const char byte : std::string("tkpchaiq12")) {
        World world = running(std::string(1, byte));
        world.tell(byte);
        CHECK(world.done() == std::string("control/") + byte);
        world.script_ends(true);
        CHECK(world.done().empty());
        CHECK_FALSE(world.service.term_sent);
        CHECK_FALSE(world.service.paused);
    }
}

TEST_CASE("a control script that fails lets its signal through")
{
    World world = running("h");
    world.tell('h');
    world.script_ends(false);
    CHECK(world.done() == "control/h hup");
}

TEST_CASE("down asks control/t, sends CONT without control/c and asks control/d")
{
    World world = running("tcd");
    world.tell('d');
    CHECK(world.done() == "control/t");
    world.script_ends(true);
    CHECK(world.done() == "cont control/d");
    CHECK_FALSE(world.service.term_sent);
    world.script_ends(true);
    CHECK(world.service.state == State::Run);
}

TEST_CASE("a kill that control/k kept back leaves the service running")
{
    World world = running("k");
    world.tell('k');
    world.script_ends(true);
    CHECK(record_of(world.service).state == ServiceState::Run);
    world.tell('h');
    world.tell('u');
    CHECK(world.done() == "control/k hup");
}

TEST_CASE("control/u runs before every start, and its exit code does not matter")
{
    World world;
    world.scripts = "u";
    world.tick();
    CHECK(world.done() == "control/u");
    CHECK(record_of(world.service).state == ServiceState::Down);
    CHECK(record_of(world.service).pid == 0);
    CHECK(awaits_script(world.service));
    world.end(W_EXITCODE(1, 0));
    CHECK(world.done() == "run");
    world.pass(2s);
    world.end();
    CHECK(world.done() == "control/u");
}

TEST_CASE("a control script that outlives its service has no effect on the next process")
{
    World world = running("t");
    world.tell('t');
    world.end();
    CHECK(world.done() == "control/t run");
    world.script_ends(false);
    CHECK(world.done().empty());
    CHECK_FALSE(world.service.term_sent);
}

TEST_CASE("a control script that hangs does not stop the supervision")
{
    World world = running("h");
    world.tell('h');
    CHECK(awaits_script(world.service));
    world.end();
    CHECK(world.done() == "control/h run");
    CHECK(awaits_script(world.service));
}

TEST_CASE("an exit waits for a control script that is at work")
{
    World world = running("x");
    world.tell('x');
    world.end();
    CHECK(world.done() == "term cont control/x");
    world.script_ends();
    CHECK(world.done() == "retire");
}

TEST_CASE("hurry ends the script that is awaited, sends its signal and asks no other")
{
    World world = running("tx");
    world.tell('t');
    world.feed({.what = Event::What::Hurry});
    CHECK(world.done() == "control/t end-script term");
    CHECK_FALSE(awaits_script(world.service));
    world.tell('x');
    CHECK(world.done() == "term cont");
    world.end();
    CHECK(world.done() == "retire");
}

TEST_CASE("hurry gives up a start that control/u holds back")
{
    World world;
    world.scripts = "u";
    world.tick();
    world.feed({.what = Event::What::Hurry});
    CHECK(world.done() == "control/u end-script");
    world.tell('x');
    CHECK(world.done() == "retire");
}

TEST_CASE("pause shows until the service is continued or has ended")
{
    World world = running();
    world.tell('p');
    CHECK(world.service.paused);
    world.tell('c');
    CHECK_FALSE(world.service.paused);
    world.tell('p');
    world.end(SIGKILL);
    CHECK_FALSE(world.service.paused);
}

TEST_CASE("got TERM shows until the service has ended")
{
    World world = running();
    world.has_finish = true;
    world.tell('t');
    CHECK(world.service.term_sent);
    world.end();
    CHECK_FALSE(world.service.term_sent);
}

TEST_CASE("a log service has no finish, no scripts and ignores exit")
{
    World world(Kind::Log);
    world.has_finish = true;
    world.scripts = "udtx";
    world.tick();
    world.pass(5s);
    world.tell('x');
    CHECK(world.done() == "run");
    CHECK(world.service.want == Want::Up);
    world.tell('d');
    world.end();
    CHECK(world.done() == "term cont");
    CHECK(world.service.state == State::Down);
}

TEST_CASE("a log service whose input has closed ends by itself, without a signal, and is not restarted")
{
    World world(Kind::Log);
    world.tick();
    world.pass(5s);
    world.feed({.what = Event::What::InputClosed});
    world.tell_all("u");
    CHECK(world.done() == "run");
    world.end();
    CHECK(world.done() == "retire");
}

TEST_CASE("a log service that is between two starts gets one more to read what is left")
{
    World world(Kind::Log);
    world.tick();
    world.end();
    CHECK(world.done() == "run");
    world.feed({.what = Event::What::InputClosed});
    CHECK(world.done() == "run");
    world.end();
    CHECK(world.done() == "retire");
}

TEST_CASE("a log service that is switched off is done when its input closes")
{
    World world(Kind::Log, Want::Down);
    world.feed({.what = Event::What::InputClosed});
    CHECK(world.done() == "retire");
}

TEST_CASE("a log that ended before its input is started again for the rest, as long as that becomes less")
{
    World world(Kind::Log);
    world.tick();
    world.pass(2s);
    world.feed({.what = Event::What::InputClosed});
    CHECK(world.done() == "run");
    world.feed({.what = Event::What::Ended, .input_left = 100});
    CHECK(world.done() == "run");
    world.pass(2s);
    world.feed({.what = Event::What::Ended, .input_left = 60});
    CHECK(world.done() == "run");
    world.pass(2s);
    world.feed({.what = Event::What::Ended, .input_left = 60});
    CHECK(world.done() == "retire");
}

TEST_CASE(
    "an end is unasked unless the service was told to go down, to exit, to run once, or sent a TERM or a KILL")
{
    for (const std::string asked : {"", "h", "i", "q", "pc", "u"}) {
        World world;
        world.tick();
        world.tell_all(asked);
        CHECK(ends_unasked(world.service));
    }
    for (const std::string asked : {"d", "o", "x", "t", "tcu", "k", "ku"}) {
        World world;
        world.tick();
        world.tell_all(asked);
        CHECK_FALSE(ends_unasked(world.service));
    }
}

TEST_CASE("a TERM that control/t carries out in its own way is asked for all the same, until the next start")
{
    World world;
    world.scripts = "t";
    world.tick();
    world.tell('t');
    world.script_ends(true);
    CHECK_FALSE(ends_unasked(world.service));
    world.pass(2s);
    world.end();
    world.tick();
    CHECK(world.service.state == State::Run);
    CHECK(ends_unasked(world.service));
}

TEST_CASE("a KILL that control/k keeps back asks for no end")
{
    World world;
    world.scripts = "k";
    world.tick();
    world.tell('k');
    world.script_ends(true);
    CHECK(ends_unasked(world.service));
}

TEST_CASE("an end that somebody has to act on first puts the next start off for a second, once")
{
    World world;
    world.tick();
    world.pass(10s);
    world.feed({.what = Event::What::Ended, .put_off = true});
    CHECK(world.service.state == State::Down);
    CHECK(deadline(world.service) == world.time.monotonic + 1s);
    world.pass(1s);
    world.tick();
    CHECK(world.service.state == State::Run);
    world.pass(10s);
    world.end();
    CHECK(world.service.state == State::Run);
}

TEST_CASE("a run that cannot be executed is never shown as run, and its end counts like one of a run")
{
    for (const bool has_finish : {false, true}) {
        World world;
        world.can_run = false;
        world.has_finish = has_finish;
        world.tick();
        CHECK(world.done() == "no-run");
        CHECK(record_of(world.service).state == ServiceState::Down);
        CHECK(record_of(world.service).pid == 0);
        CHECK(ends_unasked(world.service));
        CHECK(deadline(world.service) == never);
        world.end(W_EXITCODE(111, 0));
        CHECK(finish_arguments(world.service.wait_status).code == 111);
        if (has_finish) {
            CHECK(world.done() == "finish");
            world.end();
        }
        CHECK(world.service.state == State::Down);
        CHECK(deadline(world.service) == world.time.monotonic + 1s);
        world.can_run = true;
        world.pass(1s);
        world.tick();
        CHECK(world.done() == "run");
        CHECK(world.service.state == State::Run);
    }
}

TEST_CASE("between the start of a run that cannot be executed and its end commands send nothing and are obeyed")
{
    World world;
    world.can_run = false;
    world.tick();
    world.done();
    world.tell_all("tkd");
    CHECK(world.done().empty());
    CHECK_FALSE(ends_unasked(world.service));
    world.end(W_EXITCODE(111, 0));
    CHECK(deadline(world.service) == never);
    world.tell('x');
    CHECK(world.done() == "retire");
}

TEST_CASE("a run that is started once and cannot be executed is not tried again")
{
    World world(Kind::Main, Want::Down);
    world.can_run = false;
    world.tell('o');
    CHECK(world.done() == "no-run");
    world.end(W_EXITCODE(111, 0));
    CHECK(deadline(world.service) == never);
}

TEST_CASE("a k that waits behind a script kills the script; its end is awaited, and counts as a failure")
{
    World world = running("t");
    world.tell('t');
    CHECK(world.done() == "control/t");
    world.feed({.what = Event::What::KillScript});
    CHECK(world.done() == "kill-script");
    CHECK(awaits_script(world.service));
    world.script_ends();
    CHECK(world.done() == "term");
}

TEST_CASE("a k that waits behind control/u kills that, and run is started as after any end of it")
{
    World world;
    world.scripts = "u";
    world.tick();
    world.done();
    world.feed({.what = Event::What::KillScript});
    CHECK(world.done() == "kill-script");
    world.end(SIGKILL);
    CHECK(world.done() == "run");
}

TEST_CASE("a k that waits behind nothing does nothing")
{
    World world = running();
    world.feed({.what = Event::What::KillScript});
    CHECK(world.done().empty());
}
