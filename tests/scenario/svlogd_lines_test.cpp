// What happens to a single line: stamps, prefixes, patterns, replacement, standard error and udp.
#include <iostream>
#include <regex>

#include "scenario/svlogd_fixture.hpp"
#include "scenario/svlogd_receiver.hpp"

using namespace support;

TEST_CASE("with -t, -tt or -ttt there is a stamp in front of each line", "[shared]")
{
    const std::pair<const char*, const char*> forms[] = {
        {"-t", "@4[0-9a-f]{23}"},
        {"-tt", "[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{5}"},
        {"-ttt", "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{5}"}};
    for (const auto& [option, stamp] : forms) {
        LogTree tree{"pweb: \n"};
        tree.log("one\n\ntwo\n", {option});
        const std::string line = std::string(stamp) + " web: ";
        CHECK(std::regex_match(tree.current(), std::regex(line + "one\n" + line + "\n" + line + "two\n")));
    }
}

TEST_CASE("the last pattern that matches decides", "[shared]")
{
    LogTree tree{"-*\n+a*\n-*b\n"};
    tree.log("aac\nxxc\naab\n");
    CHECK(tree.current() == "aac\n");
}

TEST_CASE("patterns see neither stamp nor prefix, and only the first len characters", "[shared]")
{
    LogTree tree{"-*\n+abc\n+*d\npP: \n"};
    tree.log("abc\nabcxyz\n1234567890d\n123456789d\n123456789d234567890\n", {"-t", "-l", "10", "-b", "40"});
    const auto text = tree.current();
    CHECK(text.find(" P: abc\n") != std::string::npos);
    CHECK(text.find("abcxyz") == std::string::npos);
    CHECK(text.find("1234567890d") == std::string::npos);
    CHECK(text.find(" P: 123456789d\n") != std::string::npos);
    CHECK(text.find(" P: 123456789d234567890\n") != std::string::npos);
}

TEST_CASE("a plus at the end of a message matches nothing that is not there", "[bug-3]")
{
    LogTree tree{"-+ab\n-x+y\n"};
    tree.log("aaa\nxy\nx\naab\n");
    CHECK(tree.current() == "aaa\nx\n");
}

TEST_CASE("e sends a line to standard error, E takes it back, the directory gets it in any case", "[shared]")
{
    LogTree tree{"e*a*\nE*ab*\npP: \n"};
    const auto finished = tree.log("xa\nxab\nb\n");
    CHECK(finished.err == "P: xa\n");
    CHECK(tree.current() == "P: xa\nP: xab\nP: b\n");
}

TEST_CASE("on standard error a line is cut after len characters, and only a longer one has dots", "[bug-6]")
{
    LogTree tree{"e*\n"};
    const auto finished = tree.log("1234567890\n12345678901\n123\n", {"-l", "10", "-b", "40"});
    CHECK(finished.err == "1234567890\n1234567890...\n123\n");
    CHECK(tree.current() == "1234567890\n12345678901\n123\n");
}

TEST_CASE("standard error is off again after HUP when config has no e lines any more", "[bug-4]")
{
    LogTree tree{"e*\n"};
    Running svlogd{tree};
    svlogd.write("one\n");
    REQUIRE(eventually([&] { return svlogd.process->err() == "one\n"; }));
    tree.file("log/config", "n5\n");
    svlogd.process->signal(SIGHUP);
    svlogd.write("two\n");
    REQUIRE(eventually([&] { return tree.current() == "one\ntwo\n"; }));
    CHECK(svlogd.finish().err == "one\n");
}

TEST_CASE("with -r it replaces what is not printable, -R other characters too", "[shared]")
{
    LogTree tree;
    tree.log("a\tb\x7f\x80\xff~ z\n", {"-r", ".", "-R", "zq"});
    CHECK(tree.current() == "a.b...~ .\n");
    LogTree other;
    other.log("a\tz\n", {"-R", "z"});
    CHECK(other.current() == "a__\n");
}

TEST_CASE("with -r it replaces in the whole of a line, however long", "[bug-5]")
{
    LogTree tree;
    tree.log(std::string(5000, '\t') + "\n", {"-r", "."});
    CHECK(tree.current() == std::string(5000, '.') + "\n");
}

TEST_CASE("u sends lines by udp as well, U only by udp", "[shared]")
{
    Receiver receiver;
    REQUIRE(receiver.is_open);
    for (const std::string letter : {"u", "U"}) {
        LogTree tree{letter + "127.0.0.1:" + receiver.port + "\npP: \n-drop\n"};
        tree.log("one\ndrop\ntwo\n");
        CHECK(receiver.next() == "P: one\n");
        CHECK(receiver.next() == "P: two\n");
        CHECK(tree.current() == (letter == "u" ? "P: one\nP: two\n" : ""));
    }
}

TEST_CASE("trouble with udp is told in the directory, with the line", "[shared]")
{
    LogTree tree{"U255.255.255.255:9\n"};
    tree.log("one\n");
    CHECK(tree.current() == "warning: failure sending through udp: one\n");
}

TEST_CASE("one socket does for all udp lines", "[bug-14]")
{
    Receiver receiver;
    LogTree tree{"U127.0.0.1:" + receiver.port + "\n"};
    Running svlogd{tree};
    const auto before = descriptors_of(svlogd.process->pid());
    svlogd.write(lines(1, 50));
    for (int line = 1; line <= 50; ++line) CHECK(receiver.next() == lines(line, line));
    CHECK(descriptors_of(svlogd.process->pid()) == before);
}

TEST_CASE("udp knows IPv6 addresses and host names")
{
    Receiver six{AF_INET6};
    if (six.is_open) {
        LogTree tree{"U[::1]:" + six.port + "\n"};
        tree.log("six\n");
        CHECK(six.next() == "six\n");
    }
    Receiver four;
    LogTree tree{"Ulocalhost:" + four.port + "\n"};
    tree.log("name\n");
    if (tree.current().empty()) CHECK((six.is_open || four.next() == "name\n"));
}

TEST_CASE("r sends frames of RFC 5424")
{
    Receiver receiver;
    LogTree tree{"U127.0.0.1:" + receiver.port + "\nr14\n"};
    tree.log("one\n");
    const auto frame = receiver.next();
    INFO(frame);
    CHECK(std::regex_match(
        frame, std::regex("<14>1 [0-9]{4}-[0-9-]{5}T[0-9:]{8}\\.[0-9]{6}\\+00:00 [^ ]+ [^ ]+ - - - one")));
}

TEST_CASE("a frame of RFC 5424 names its service without blanks, by 48 characters at most")
{
    Receiver receiver;
    LogTree tree{"U127.0.0.1:" + receiver.port + "\nr14\n"};
    const std::string name = "my caf\xc3\xa9 " + std::string(50, 'x');
    tree.directory(name);
    tree.file("input", "one\n");
    auto spec = tree.spec({}, "input");
    spec.argv.back() = tree.path("log");
    spec.directory = tree.path(name);
    CHECK(run(spec).code == 0);
    const auto frame = receiver.next();
    INFO(frame);
    CHECK(frame.find(" my_caf___" + std::string(39, 'x') + " - - - one") != std::string::npos);
}

TEST_CASE("a frame of RFC 5424 has the whole name of the machine, without blanks")
{
    const std::string name = "host-" + std::string(59, 'x');
    const std::string rename = "echo '" + name + "' >/proc/sys/kernel/hostname && exec \"$@\"";
    const std::vector<std::string> elsewhere{"unshare", "-u", "sh", "-c", rename, "sh"};
    auto probe = elsewhere;
    probe.push_back("true");
    if (run(probe).code != 0) {
        std::cerr << "skipped: no right to name a machine\n";
        return;
    }
    Receiver receiver;
    LogTree tree{"U127.0.0.1:" + receiver.port + "\nr14\n"};
    tree.file("input", "one\n");
    auto spec = tree.spec({}, "input");
    spec.argv.insert(spec.argv.begin(), elsewhere.begin(), elsewhere.end());
    CHECK(run(spec).code == 0);
    CHECK(receiver.next().find("+00:00 " + name + " ") != std::string::npos);
}

TEST_CASE("udp gets the first len bytes of a line, and dots where there are more", "[shared]")
{
    Receiver receiver;
    LogTree tree{"u127.0.0.1:" + receiver.port + "\npP: \n"};
    tree.log("short\n12345678901\n", {"-l", "10", "-b", "40", "-t"});
    CHECK(receiver.next().substr(26) == "P: short\n");
    CHECK(receiver.next().substr(26) == "P: 1234567890...\n");
}

TEST_CASE("what could not be sent by udp is in the log as it would have been sent", "[shared]")
{
    LogTree tree{"U255.255.255.255:9\npP: \n"};
    tree.log("short\n12345678901\n", {"-l", "10", "-b", "40"});
    const std::string words = "warning: failure sending through udp: P: ";
    CHECK(tree.current() == words + "short\n" + words + "1234567890...\n");
}

TEST_CASE("lines of 0, len-1, len, len+1 and 10 MB are the same in the log", "[shared]")
{
    std::string text = "\n" + std::string(999, 'a') + "\n" + std::string(1000, 'b') + "\n" +
                       std::string(1001, 'c') + "\n" + std::string(10000000, 'd') + "\nend\n";
    for (const std::string config : {"s0\n", "s0\n-nothing\n", "s0\npP: \n"}) {
        LogTree tree{config};
        CHECK(tree.log(text).code == 0);
        auto expected = text;
        if (config[3] == 'p') {
            expected = "P: \nP: " + std::string(999, 'a') + "\nP: " + std::string(1000, 'b') +
                       "\nP: " + std::string(1001, 'c') + "\nP: " + std::string(10000000, 'd') + "\nP: end\n";
        }
        CHECK((tree.current() == expected));
    }
}

TEST_CASE("j writes lines of JSON")
{
    LogTree tree{"jweb\n"};
    tree.log("say \"hi\"\t\\ \x01\ncaf\xc3\xa9\n");
    INFO(tree.current());
    const std::string head = R"(\{"time":"[0-9-]{10}T[0-9:.]{15}[+-][0-9:]{5}","service":"web","message":")";
    CHECK(std::regex_match(tree.current(), std::regex(head + R"(say \\"hi\\"\\t\\\\ \\u0001"\})" + "\n" + head +
                                                      "caf\xc3\xa9\"\\}\n")));
}

TEST_CASE("every line is JSON with j, also what svlogd has to say itself")
{
    LogTree tree{"jweb\nu255.255.255.255:9\n"};  // to where nothing may be sent
    tree.log("he\"llo\n");
    INFO(tree.current());
    const std::string head = R"(\{"time":"[^"]+","service":"web","message":")";
    CHECK(
        std::regex_match(tree.current(), std::regex(head + R"(warning: failure sending through udp: he\\"llo"\})" +
                                                    "\n" + head + R"(he\\"llo"\})" + "\n")));
}

TEST_CASE("names, prefixes and lines that grow by escaping are whole in every line")
{
    const auto repeated = [](const std::string& text, std::size_t count) {
        std::string all;
        while (count-- > 0) all += text;
        return all;
    };
    for (const std::size_t size : {60U, 900U, 20000U}) {
        LogTree tree{"s0\nj" + std::string(size, '\x01') + "\np" + std::string(size, '"') +
                     "\nu255.255.255.255:9\n"};
        const std::size_t count = size < 1000 ? 1000 : 20;
        tree.log(repeated(std::string(999, '\x02') + "\n", count));
        const auto number = [&](const std::string& text, std::size_t times) {
            return repeated("\\u000" + text, times);
        };
        const auto head = R"(,"service":")" + number("1", size) + R"(","message":")" + repeated("\\\"", size);
        const auto end = number("2", 999) + "\"}\n";
        const auto text = tree.current();
        std::size_t at = 0;
        for (std::size_t line = 0; line < count; ++line) {
            for (const std::string words : {"warning: failure sending through udp: ", ""}) {
                at = text.find(",\"service", at);
                REQUIRE(at != text.npos);
                const auto whole = head + words + end;
                REQUIRE((text.compare(at, whole.size(), whole) == 0));
                at += whole.size();
            }
        }
        CHECK(at == text.size());
    }
}

TEST_CASE("a HUP in the midst of a line, and of a character, changes the form of the next line only")
{
    const std::string head = R"(\{"time":"[^"]+","service":"[^"]+","message":")";
    const std::string large(100000, 'p');
    struct Change {
        std::string before, after, current;
    };
    const Change changes[] = {
        {"jweb\n", "n5\n", head + "caf\xc3\xa9\"\\}\nnext\n"},
        {"jweb\n", "jother\np" + large + "\n", head + "caf\xc3\xa9\"\\}\n" + head + "prefix:next\"\\}\n"},
        {"jweb\n", "-no\n", head + "caf\xc3\xa9\"\\}\nnext\n"},
        {"n5\n", "jweb\n", "caf\xc3\xa9\n" + head + "next\"\\}\n"},
        {"n5\n", "pP: \n", "caf\xc3\xa9\nP: next\n"}};
    for (const auto& change : changes) {
        LogTree tree{change.before};
        Running svlogd{tree, {"-v"}};
        svlogd.write("caf\xc3");
        REQUIRE(eventually([&] { return tree.current().find("caf") != std::string::npos; }));
        tree.file("log/config", change.after);
        svlogd.process->signal(SIGHUP);
        REQUIRE(eventually([&] { return svlogd.process->err().find("sighangup") != std::string::npos; }));
        svlogd.write("\xa9\nnext\n");
        CHECK(svlogd.finish().code == 0);
        auto current = tree.current();
        if (const auto at = current.find(large); at != current.npos) current.replace(at, large.size(), "prefix:");
        INFO(change.before << change.after.substr(0, 10) << ": " << current);
        CHECK(std::regex_match(current, std::regex(change.current)));
    }
}

TEST_CASE("with --iso it stamps with the offset of the zone")
{
    LogTree tree;
    tree.file("input", "x\n");
    auto spec = tree.spec({"--iso"}, "input");
    spec.environment["TZ"] = "XXX-5:30";
    run(spec);
    CHECK(std::regex_match(tree.current(), std::regex("[0-9-]{10}T[0-9:.]{15}\\+05:30 x\n")));
}

TEST_CASE("with --local the stamps of -tt and -ttt, and the time of JSON, are those of the zone")
{
    const auto line_of = [](const std::string& config, std::vector<std::string> options) {
        LogTree tree{config};
        tree.file("input", "x\n");
        auto spec = tree.spec(std::move(options), "input");
        spec.environment["TZ"] = "XXX-12";
        CHECK(run(spec).code == 0);
        return tree.current();
    };
    for (const std::string stamp : {"-tt", "-ttt"}) {
        const int utc = std::stoi(line_of("", {stamp}).substr(11, 2));
        const int local = std::stoi(line_of("", {stamp, "--local"}).substr(11, 2));
        const int ahead = (local - utc + 24) % 24;
        CHECK((ahead == 12 || ahead == 13));  // an hour may have begun in between
    }
    CHECK(line_of("j\n", {}).find("+00:00\"") != std::string::npos);
    CHECK(line_of("j\n", {"--local"}).find("+12:00\"") != std::string::npos);
}

TEST_CASE("standard error and udp get plain lines, be the log JSON or not")
{
    Receiver receiver;
    LogTree tree{"jweb\ne*\npP: \nu127.0.0.1:" + receiver.port + "\n"};
    CHECK(tree.log("say \"hi\"\n").err == "P: say \"hi\"\n");
    CHECK(receiver.next() == "P: say \"hi\"\n");
    CHECK(tree.current().find(R"("message":"P: say \"hi\""})") != std::string::npos);
}
