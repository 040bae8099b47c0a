// Whether the tests are built with a sanitizer, which needs memory and makes system calls of its own.
#pragma once

#include <iostream>

namespace support {

#if defined(__has_feature)
#define RUNSUITE_HAS(feature) __has_feature(feature)
#else
#define RUNSUITE_HAS(feature) 0
#endif

#if defined(__SANITIZE_THREAD__) || RUNSUITE_HAS(thread_sanitizer)
inline constexpr bool watches_threads = true;
#else
inline constexpr bool watches_threads = false;
#endif

#if defined(__SANITIZE_ADDRESS__) || RUNSUITE_HAS(address_sanitizer)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = watches_threads;
#endif

inline bool hears_children()
{
    if (watches_threads) {
        std::cerr << "skipped: the thread sanitizer makes a fork(2) of vfork(2), and why a child could not run is "
                     "lost\n";
    }
    return !watches_threads;
}

}  // namespace support
