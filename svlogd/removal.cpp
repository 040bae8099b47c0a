#include "svlogd/removal.hpp"

#include <algorithm>
#include <array>
#include <new>

#include "app/report.hpp"
#include "posix/clock.hpp"

namespace runsuite::svlogd {

namespace {

constexpr Instant slice = std::chrono::milliseconds(2);
constexpr std::size_t few = 16;  // no more are the rule

// In frames of their own: every page of stack that is touched stays for the life of the program.
[[gnu::noinline]] std::size_t remove_few(const LogDirectory& directory, const Removal::Rule& rule)
{
    std::array<OldName, few> names;
    const std::size_t excess = directory.find_oldest(rule, names);
    if (excess > names.size()) return excess;
    for (std::size_t index = 0; index < excess; ++index) {
        if (!directory.remove(names[index].view(), rule.tell)) break;
    }
    return excess;
}

[[gnu::noinline]] std::size_t count_excess(const LogDirectory& directory, const Removal::Rule& rule)
{
    std::array<OldName, 1> name;
    return directory.find_oldest(rule, name);
}

}  // namespace

void Removal::find(const LogDirectory& directory, const Rule& rule)
{
    give_up();
    const std::size_t excess = count_excess(directory, rule);
    if (excess == 0) return;
    auto memory = Memory::map(excess * sizeof(OldName));
    if (!memory) return report::warn(memory.error(), directory.path());
    memory_ = std::move(*memory);
    auto* const names = reinterpret_cast<OldName*>(memory_.bytes().data());
    for (std::size_t index = 0; index < excess; ++index) new (names + index) OldName;
    // There may be fewer than a moment ago.
    names_ = {names, std::min(directory.find_oldest(rule, {names, excess}), excess)};
    tells_ = rule.tell;
}

bool Removal::remove_one(const LogDirectory& directory)
{
    if (has_names() && directory.remove(names_[next_].view(), tells_)) {
        ++next_;
        return true;
    }
    give_up();
    return false;
}

void Removal::remove_some(const LogDirectory& directory, const Rule& rule)
{
    if (!has_names()) {
        is_due_ = false;
        if (remove_few(directory, rule) <= few) return;
        find(directory, rule);
        is_due_ = has_names();  // and once more when they are removed: there may be new ones
    }
    const Instant until = monotonic_now() + slice;
    while (has_names() && remove_one(directory) && monotonic_now() < until) continue;
}

void Removal::give_up()
{
    memory_ = {};
    names_ = {};
    next_ = 0;
    is_due_ = false;
}

}  // namespace runsuite::svlogd
