#include "svlogd/line_output.hpp"

namespace runsuite::svlogd {

namespace {

// "\\u00ff" for each of the bytes that may be held, and for the one that comes.
constexpr std::size_t most_for_a_byte = 5UL * 6;

// How many bytes the character has that starts with `lead`; 0 when none does.
std::size_t character_size(unsigned char lead)
{
    if (lead < 0x80) return 1;
    if (lead < 0xc2 || lead > 0xf4) return 0;
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

// The second byte is where overlong forms, surrogates and what is beyond Unicode show.
bool may_be_second(unsigned char lead, unsigned char second)
{
    const unsigned least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    return second >= least && second <= most;
}

}  // namespace

std::size_t LineOutput::put_json(std::string_view text)
{
    std::size_t taken = 0;
    while (taken < text.size() && room() >= most_for_a_byte) put_json_byte(text[taken++]);
    return taken;
}

void LineOutput::put_json_byte(char letter)
{
    const auto byte = static_cast<unsigned char>(letter);
    if (held_size_ > 0) {
        const auto lead = static_cast<unsigned char>(held_[0]);
        if (held_size_ == 1 ? may_be_second(lead, byte) : (byte & 0xc0) == 0x80) {
            held_[held_size_++] = letter;
            if (held_size_ < character_size(lead)) return;
            put({held_.data(), held_size_});
            held_size_ = 0;
            return;
        }
        give_up_character();
    }
    if (byte >= 0x80) {
        held_[held_size_++] = letter;
        if (character_size(byte) == 0) give_up_character();
        return;
    }
    switch (letter) {
        case '"': put("\\\""); return;
        case '\\': put("\\\\"); return;
        case '\t': put("\\t"); return;
        case '\r': put("\\r"); return;
        case '\n': put("\"}\n"); return;
    }
    if (byte >= 0x20 && byte != 0x7f) {
        put({&letter, 1});
        return;
    }
    held_[held_size_++] = letter;
    give_up_character();
}

void LineOutput::give_up_character()
{
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char letter : std::string_view{held_.data(), held_size_}) {
        const auto byte = static_cast<unsigned char>(letter);
        const char escape[] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
        put({escape, sizeof escape});
    }
    held_size_ = 0;
}

}  // namespace runsuite::svlogd
