#include "chpst/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace runsuite::chpst {

namespace {

constexpr std::size_t growth = 64;

// Without a call: nearly all differ in their first letters, and each variable is held against all.
bool is_named(const char* entry, std::string_view name)
{
    for (const char letter : name) {
        if (*entry++ != letter) return false;  // also where the entry ends
    }
    return *entry == '=';
}

std::size_t length(const char* const* list)
{
    std::size_t count = 0;
    while (list != nullptr && list[count] != nullptr) ++count;
    return count;
}

}  // namespace

const char* const* Environment::list() const
{
    return entries_ != nullptr ? entries_ : environ;
}

// Room for one more and for the null pointer behind it.
bool Environment::reserve_one()
{
    const bool is_first = entries_ == nullptr;
    const std::size_t count = is_first ? length(environ) : count_;
    if (count + 2 <= capacity_) return true;
    const std::size_t capacity = count + count / 2 + growth;
    void* const grown = std::realloc(static_cast<void*>(entries_), capacity * sizeof *entries_);
    if (grown == nullptr) return false;
    entries_ = static_cast<const char**>(grown);
    capacity_ = capacity;
    count_ = count;
    if (is_first) std::copy_n(environ, count, entries_);
    entries_[count_] = nullptr;
    return true;
}

bool Environment::set(std::string_view name, std::string_view value)
{
    if (!reserve_one()) return false;
    auto* const entry = static_cast<char*>(std::malloc(name.size() + value.size() + 2));
    if (entry == nullptr) return false;
    remove(name);
    char* end = std::copy(name.begin(), name.end(), entry);
    *end++ = '=';
    *std::copy(value.begin(), value.end(), end) = '\0';
    entries_[count_++] = entry;
    entries_[count_] = nullptr;
    return true;
}

bool Environment::unset(std::string_view name)
{
    if (!reserve_one()) return false;
    remove(name);
    return true;
}

void Environment::remove(std::string_view name)
{
    const auto end =
        std::remove_if(entries_, entries_ + count_, [&](const char* at) { return is_named(at, name); });
    count_ = static_cast<std::size_t>(end - entries_);
    entries_[count_] = nullptr;
}

}  // namespace runsuite::chpst
