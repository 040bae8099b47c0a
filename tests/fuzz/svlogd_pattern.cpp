// Any pattern against any message: the same answer as an oracle that is slow and written down from the manual page.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "svlogd/pattern.hpp"

namespace {

// One character of the pattern a call. Of all ways to match, "as many as there are" and "up to the first" leave one.
bool oracle(std::string_view pattern, std::string_view message)
{
    if (pattern.empty()) return message.empty();
    const auto rest = pattern.substr(1);
    if (pattern[0] == '*') {
        if (rest.empty()) return true;
        if (message.empty()) return false;
        if (message[0] == rest[0]) return oracle(rest, message);
        return oracle(pattern, message.substr(1));
    }
    if (pattern[0] == '+') {
        if (rest.empty()) return message.empty();
        if (message.empty() || message[0] != rest[0]) return false;
        const bool goes_on = message.size() > 1 && message[1] == rest[0];
        return goes_on ? oracle(pattern, message.substr(1)) : oracle(rest.substr(1), message.substr(1));
    }
    return !message.empty() && message[0] == pattern[0] && oracle(rest, message.substr(1));
}

// Each in a buffer of its own, so that a sanitizer sees a byte read behind it.
bool asked(std::string_view pattern, std::string_view message)
{
    const auto first = std::make_unique<char[]>(pattern.size());
    const auto second = std::make_unique<char[]>(message.size());
    pattern.copy(first.get(), pattern.size());
    message.copy(second.get(), message.size());
    return runsuite::svlogd::matches({first.get(), pattern.size()}, {second.get(), message.size()});
}

void compare(std::string_view pattern, std::string_view message)
{
    if (asked(pattern, message) != oracle(pattern, message)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char*>(bytes), size < 300 ? size : 300};
    const auto newline = text.find('\n');
    if (newline != text.npos) compare(text.substr(0, newline), text.substr(newline + 1));
    // The same bytes again over an alphabet so small that they do match now and then.
    std::string small;
    for (const char letter : text) small += "ab+*"[static_cast<unsigned char>(letter) % 4];
    for (std::size_t split = 0; split <= small.size() && split < 40; ++split) {
        compare(std::string_view(small).substr(0, split), std::string_view(small).substr(split, 20));
    }
    return 0;
}
