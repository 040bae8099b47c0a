#include "svlogd/pattern.hpp"

namespace runsuite::svlogd {

namespace {

bool take_run(std::string_view& message, char letter)
{
    const std::size_t before = message.size();
    while (!message.empty() && message.front() == letter) message.remove_prefix(1);
    return message.size() < before;
}

bool skip_to(std::string_view& message, char letter)
{
    const auto place = message.find(letter);
    if (place == std::string_view::npos) return false;
    message.remove_prefix(place);
    return true;
}

bool take_one(std::string_view& message, char letter)
{
    if (message.empty() || message.front() != letter) return false;
    message.remove_prefix(1);
    return true;
}

}  // namespace

bool matches(std::string_view pattern, std::string_view message)
{
    while (!pattern.empty()) {
        const char letter = pattern.front();
        pattern.remove_prefix(1);
        if (letter == '*') {
            if (pattern.empty()) return true;
            if (!skip_to(message, pattern.front())) return false;
        } else if (letter == '+') {
            if (pattern.empty()) break;
            if (!take_run(message, pattern.front())) return false;
            pattern.remove_prefix(1);
        } else if (!take_one(message, letter)) {
            return false;
        }
    }
    return message.empty();
}

}  // namespace runsuite::svlogd
