// The text of the readproctitle log: it moves to the left as new bytes come in at its end, behind a head that stays.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace runsuite::runsvdir {

inline constexpr std::size_t title_head = 5;      // "log: "
inline constexpr std::size_t shortest_title = 7;  // below that there is no log

// NUL bytes are left out: one would end the title.
void scroll_in(std::span<char> title, std::string_view bytes);

}  // namespace runsuite::runsvdir
