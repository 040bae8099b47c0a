// Text taken apart. std::string_view::substr() may throw, and that alone would double a static program.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace runsuite::chpst {

constexpr std::string_view first(std::string_view text, std::size_t count)
{
    return {text.data(), std::min(count, text.size())};
}

constexpr std::string_view after(std::string_view text, std::size_t count)
{
    text.remove_prefix(std::min(count, text.size()));
    return text;
}

// A text of parts between separators; the number of parts is one more than that of separators.
class Parts {
public:
    constexpr Parts(std::string_view text, char separator) : rest_(text), separator_(separator) {}

    static constexpr Parts none()
    {
        Parts parts{{}, ' '};
        parts.is_over_ = true;
        return parts;
    }

    constexpr bool has_next() const { return !is_over_; }
    constexpr std::string_view next()
    {
        const std::size_t end = rest_.find(separator_);
        is_over_ = end == std::string_view::npos;
        const std::string_view part = first(rest_, end);
        rest_ = after(rest_, is_over_ ? rest_.size() : end + 1);
        return part;
    }

private:
    std::string_view rest_;
    char separator_;
    bool is_over_ = false;
};

}  // namespace runsuite::chpst
