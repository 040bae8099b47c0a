// Any bytes in any pieces, for two logs of which one is slow: each gets every byte, in order, in lines.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "svlogd/line_reader.hpp"

using namespace runsuite::svlogd;

namespace {

constexpr std::size_t longest = 7;

// Takes at most `steps` pieces at a time, and of each at most `bite` bytes.
struct Taker {
    bool judged;
    std::size_t bite;
    LineCursor cursor;
    std::string bytes;
    std::string heads;
    bool starts = true;

    void take(const Input& input, int steps)
    {
        for (; steps > 0; --steps) {
            const Piece piece = cursor.next(input, longest, judged);
            if (piece.kind == Piece::Kind::Nothing) return;
            if (piece.kind == Piece::Kind::Start) start(piece);
            else part(piece);
        }
    }
    void start(const Piece& piece)
    {
        if (!starts || piece.text.size() > longest) std::abort();
        starts = false;
        heads.append(piece.text).append(piece.more ? "...\n" : "\n");
    }
    void part(const Piece& piece)
    {
        if (starts || piece.text.empty()) std::abort();
        const auto newline = piece.text.find('\n');
        if (newline != (piece.more ? piece.text.npos : piece.text.size() - 1)) std::abort();
        const auto bitten = piece.text.substr(0, bite);
        starts = bitten.size() == piece.text.size() && !piece.more;
        bytes += bitten;
        cursor.take(bitten.size(), starts);
    }
};

std::string heads_of(std::string_view text)
{
    std::string heads;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        heads.append(line.substr(0, longest)).append(line.size() > longest ? "...\n" : "\n");
        text.remove_prefix(line.size() + 1);
    }
    return heads;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    char memory[64];
    LineReader reader{memory};
    Taker slow{true, 3, {}, {}, {}, true};
    Taker fast{false, 1000, {}, {}, {}, true};
    const auto move_on = [&](int steps) {
        slow.take(reader.input(), steps);
        fast.take(reader.input(), 1000);
        const auto done = std::min(slow.cursor.taken(), fast.cursor.taken());
        reader.discard(done);
        slow.cursor.follow(done);
        fast.cursor.follow(done);
    };
    std::string all;
    for (std::size_t at = 0; at < size;) {
        if (reader.room().empty()) move_on(1000);
        const auto room = reader.room();
        const std::size_t piece = std::min({size - at, room.size(), std::size_t{1} + bytes[at] % 40});
        std::memcpy(room.data(), bytes + at, piece);
        reader.accept(piece, {});
        all.append(reinterpret_cast<const char*>(bytes + at), piece);
        at += piece;
        move_on(bytes[at - 1] % 7);
    }
    move_on(1000);
    reader.finish({});
    move_on(1000);
    if (!all.empty() && all.back() != '\n') all += '\n';
    if (slow.bytes != all || fast.bytes != all || slow.heads != heads_of(all)) std::abort();
    return 0;
}
