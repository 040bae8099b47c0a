// Parts of a text, without the check that std::string_view::substr makes: it would bring in all that throws. And what
// is done to every line, without a call: lines are short, and not every libc is quick to begin.
#pragma once

#include <algorithm>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace runsuite::svlogd {

// The first `count` characters, or all where there are fewer.
inline std::string_view first(std::string_view text, std::size_t count)
{
    return {text.data(), std::min(count, text.size())};
}

// What follows the first `count` characters; nothing where there are no more.
inline std::string_view after(std::string_view text, std::size_t count)
{
    text.remove_prefix(std::min(count, text.size()));
    return text;
}

inline std::string_view middle(std::string_view text, std::size_t from, std::size_t count)
{
    return first(after(text, from), count);
}

// The place of the first newline from `from` on, or npos.
inline std::size_t find_newline(std::string_view text, std::size_t from = 0)
{
    std::size_t at = from;
#ifdef __SSE2__
    const __m128i newlines = _mm_set1_epi8('\n');
    for (; at + 16 <= text.size(); at += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        const int found = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, newlines));
        if (found != 0) return at + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(found)));
    }
#endif
    if (at >= text.size()) return std::string_view::npos;
    const void* const place = std::memchr(text.data() + at, '\n', text.size() - at);
    return place != nullptr ? static_cast<std::size_t>(static_cast<const char*>(place) - text.data())
                            : std::string_view::npos;
}

inline void copy_bytes(char* to, const char* from, std::size_t count)
{
    constexpr std::size_t step = 16;
    constexpr std::size_t short_enough = 512;
    if (count < step || count > short_enough) {
        if (count > 0) std::memcpy(to, from, count);
        return;
    }
    for (std::size_t at = 0; at + step < count; at += step) std::memcpy(to + at, from + at, step);
    std::memcpy(to + count - step, from + count - step, step);
}

}  // namespace runsuite::svlogd
