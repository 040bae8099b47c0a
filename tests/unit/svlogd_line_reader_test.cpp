#include "svlogd/line_reader.hpp"

#include <cstring>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace runsuite::svlogd;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t longest = 4;

// What a log makes of it: "[head]" or "[head...]" before each line, then its bytes.
class Taker {
public:
    explicit Taker(bool judged) : judged_(judged) {}

    void take(LineReader& reader)
    {
        for (;;) {
            const Piece piece = cursor_.next(reader.input(), longest, judged_);
            if (piece.kind == Piece::Kind::Nothing) break;
            if (piece.kind == Piece::Kind::Start) {
                seen += "[" + std::string(judged_ ? piece.text : "") + (piece.more ? "...]" : "]");
                times.push_back(piece.time);
                continue;
            }
            seen += piece.text;
            cursor_.take(piece.text.size(), !piece.more);
        }
        reader.discard(cursor_.taken());
        cursor_.follow(cursor_.taken());
    }

    std::string seen;
    std::vector<std::chrono::nanoseconds> times;

private:
    LineCursor cursor_;
    bool judged_;
};

class Feed {
public:
    explicit Feed(bool judged) : taker(judged) {}

    void bytes(std::string_view text, std::chrono::nanoseconds now = 0ns)
    {
        REQUIRE(reader_.room().size() >= text.size());
        std::memcpy(reader_.room().data(), text.data(), text.size());
        reader_.accept(text.size(), now);
        taker.take(reader_);
    }
    void end(std::chrono::nanoseconds now = 0ns)
    {
        reader_.finish(now);
        taker.take(reader_);
    }
    bool is_at_line_start() const { return reader_.is_at_line_start(); }

    Taker taker;

private:
    char memory_[64] = {};
    LineReader reader_{memory_};
};

const std::string text = "a\n\nabcd\nabcde\nabcdefghijkl\nxyz";
const std::string judged_text = "[a]a\n[]\n[abcd]abcd\n[abcd...]abcde\n[abcd...]abcdefghijkl\n[xyz]xyz\n";
const std::string streamed_text = "[]a\n[]\n[]abcd\n[]abcde\n[]abcdefghijkl\n[]xyz\n";

}  // namespace

TEST_CASE("all at once, one byte at a time, or split at any position: the lines are the same")
{
    for (const bool judged : {true, false}) {
        const auto& expected = judged ? judged_text : streamed_text;
        Feed whole{judged};
        whole.bytes(text);
        whole.end();
        CHECK(whole.taker.seen == expected);
        Feed bytewise{judged};
        for (const char& letter : text) bytewise.bytes({&letter, 1});
        bytewise.end();
        CHECK(bytewise.taker.seen == expected);
        for (std::size_t split = 0; split <= text.size(); ++split) {
            for (std::size_t second = split; second <= text.size(); ++second) {
                Feed parts{judged};
                parts.bytes(std::string_view(text).substr(0, split));
                parts.bytes(std::string_view(text).substr(split, second - split));
                parts.bytes(std::string_view(text).substr(second));
                parts.end();
                REQUIRE(parts.taker.seen == expected);
            }
        }
    }
}

TEST_CASE("a line that need not be judged is handed out as far as it came")
{
    Feed feed{false};
    feed.bytes("prompt: ");
    CHECK(feed.taker.seen == "[]prompt: ");
}

TEST_CASE("a line that has to be judged waits for its end, or for one byte more than the length")
{
    Feed feed{true};
    feed.bytes("abcd");
    CHECK(feed.taker.seen.empty());
    feed.bytes("e");
    CHECK(feed.taker.seen == "[abcd...]abcde");
}

TEST_CASE("a line of exactly the length is not said to be longer")
{
    Feed feed{true};
    feed.bytes("abcd\n");
    CHECK(feed.taker.seen == "[abcd]abcd\n");
}

TEST_CASE("the time of a line is that of its first byte, however late the rest")
{
    for (const bool judged : {true, false}) {
        Feed feed{judged};
        feed.bytes("a", 1s);
        feed.bytes("b", 2s);
        feed.bytes("c\nd", 3s);
        feed.bytes("\ne\n", 4s);
        CHECK(feed.taker.times == std::vector<std::chrono::nanoseconds>{1s, 3s, 4s});
    }
}

TEST_CASE("the end of input ends an unfinished line, and adds nothing to a finished one")
{
    Feed feed{true};
    feed.end();
    CHECK(feed.taker.seen.empty());
    feed.bytes("ab");
    CHECK_FALSE(feed.is_at_line_start());
    feed.end();
    CHECK(feed.taker.seen == "[ab]ab\n");
    CHECK(feed.is_at_line_start());
    feed.end();
    CHECK(feed.taker.seen == "[ab]ab\n");
}

TEST_CASE("two takers of one reader each get every line, and what one has left stays for it")
{
    char memory[64] = {};
    LineReader reader{memory};
    LineCursor fast;
    LineCursor slow;
    std::memcpy(reader.room().data(), "ab\ncd\n", 6);
    reader.accept(6, 0ns);
    CHECK(fast.rest(reader.input()) == "ab\ncd\n");
    fast.take(6, true);
    slow.take(3, true);
    reader.discard(3);
    fast.follow(3);
    slow.follow(3);
    CHECK(fast.rest(reader.input()).empty());
    CHECK(slow.rest(reader.input()) == "cd\n");
}
