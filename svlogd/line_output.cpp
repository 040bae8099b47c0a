#include "svlogd/line_output.hpp"

namespace runsuite::svlogd {

namespace {

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

// How many bytes at the start of `text` are those of one character, whole or not.
std::size_t right_bytes(std::string_view text)
{
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t size = std::min(character_size(lead), text.size());
    std::size_t count = std::min<std::size_t>(size, 1);
    for (; count > 0 && count < size; ++count) {
        const auto byte = static_cast<unsigned char>(text[count]);
        if (count == 1 ? !may_be_second(lead, byte) : (byte & 0xc0) != 0x80) break;
    }
    return count;
}

}  // namespace

std::size_t LineOutput::put_json(std::string_view text, bool goes_on)
{
    const std::size_t before = text.size();
    while (!text.empty() && room() >= most_for_a_byte) {
        const auto lead = static_cast<unsigned char>(text.front());
        const std::size_t right = lead < 0x80 ? 0 : right_bytes(text);
        std::size_t done = 1;
        if (lead < 0x80) put_ascii(text.front());
        else if (right > 0 && right == character_size(lead)) done = put(first(text, right));
        else if (goes_on && right > 0 && right == text.size()) break;
        else put_number(lead);
        text.remove_prefix(done);
    }
    return before - text.size();
}

void LineOutput::put_ascii(char letter)
{
    switch (letter) {
        case '"': put("\\\""); return;
        case '\\': put("\\\\"); return;
        case '\t': put("\\t"); return;
        case '\r': put("\\r"); return;
        case '\n': put("\"}\n"); return;
    }
    if (letter >= 0x20 && letter != 0x7f) put({&letter, 1});
    else put_number(static_cast<unsigned char>(letter));
}

void LineOutput::put_number(unsigned char byte)
{
    constexpr std::string_view digits = "0123456789abcdef";
    const char escape[most_for_a_byte] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
    put({escape, sizeof escape});
}

}  // namespace runsuite::svlogd
