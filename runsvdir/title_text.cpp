#include "runsvdir/title_text.hpp"

#include <algorithm>

namespace runsuite::runsvdir {

void scroll_in(std::span<char> title, std::string_view bytes)
{
    if (title.size() < shortest_title) return;
    const auto text = title.subspan(title_head);
    const auto printed = bytes.size() - static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\0'));
    const auto kept = text.size() - std::min(printed, text.size());
    std::copy_n(text.end() - static_cast<std::ptrdiff_t>(kept), kept, text.begin());
    // From the end to the front, so that of more bytes than there is room for the last ones stay.
    auto at = text.size();
    for (auto byte = bytes.rbegin(); byte != bytes.rend() && at > kept; ++byte) {
        if (*byte != '\0') text[--at] = *byte;
    }
}

}  // namespace runsuite::runsvdir
