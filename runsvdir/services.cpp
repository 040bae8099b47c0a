#include "runsvdir/services.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <type_traits>

namespace runsuite::runsvdir {

static_assert(std::is_trivially_copyable_v<Known>, "the table moves its entries with realloc(3)");

Services::~Services()
{
    for (Known& known : all()) std::free(known.name);
    std::free(known_);
}

void Services::begin_scan()
{
    for (Known& known : all()) known.seen = false;
    expected_ = 0;
}

bool Services::note(const ServiceId& id, const char* name)
{
    Known* known = with_id(id);
    if (known != nullptr && (known->seen || std::strcmp(known->name, name) == 0)) {
        known->seen = true;
        return true;
    }
    if (known != nullptr) known->seen = true;
    char* const copy = ::strdup(name);
    if (copy == nullptr || (known == nullptr && !grow())) {
        std::free(copy);
        return false;
    }
    if (known == nullptr) {
        known = &known_[count_++];
        *known = Known{};
        known->id = id;
    }
    std::free(known->name);
    known->name = copy;
    return true;
}

void Services::note_unreadable(const char* name)
{
    for (Known& known : all()) {
        if (std::strcmp(known.name, name) == 0) known.seen = true;
    }
}

void Services::end_scan(bool saw_everything)
{
    left_ = 0;
    for (Known& known : all()) {
        if (saw_everything) known = after_scan(known);
        if (!known.seen) ++left_;
    }
}

void Services::sort_by_name()
{
    std::sort(all().begin(), all().end(),
              [](const Known& one, const Known& other) { return std::strcmp(one.name, other.name) < 0; });
}

bool Services::grow()
{
    if (count_ < room_) return true;
    const std::size_t room = std::max<std::size_t>(16, room_ + room_ / 2);
    void* const larger = std::realloc(known_, room * sizeof(Known));
    if (larger == nullptr) return false;
    known_ = static_cast<Known*>(larger);
    room_ = room;
    return true;
}

// A directory that has not changed lists its names in the same order again, so the search mostly ends where it starts.
Known* Services::with_id(const ServiceId& id)
{
    for (std::size_t step = 0; step < count_; ++step) {
        const std::size_t at = expected_ + step < count_ ? expected_ + step : expected_ + step - count_;
        if (known_[at].id != id) continue;
        expected_ = at + 1 < count_ ? at + 1 : 0;
        return &known_[at];
    }
    return nullptr;
}

bool Services::knows(const ServiceId& id, const char* name)
{
    return std::any_of(all().begin(), all().end(),
                       [&](const Known& known) { return known.id == id || std::strcmp(known.name, name) == 0; });
}

Known* Services::with_pid(pid_t pid)
{
    const auto found =
        std::find_if(all().begin(), all().end(), [=](const Known& known) { return known.pid == pid; });
    return found != all().end() ? &*found : nullptr;
}

Known* Services::predecessor_of(const Known& known)
{
    if (left_ == 0) return nullptr;
    for (Known& other : all()) {
        const bool is_left = !other.seen && other.pid != 0 && &other != &known;
        if (is_left && std::strcmp(other.name, known.name) == 0) return &other;
    }
    return nullptr;
}

void Services::forget_gone()
{
    if (left_ == 0) return;
    std::size_t kept = 0;
    left_ = 0;
    for (Known& known : all()) {
        if (due(known, nullptr, Instant::zero()) == Due::Forget) {
            std::free(known.name);
            continue;
        }
        if (!known.seen) ++left_;
        known_[kept++] = known;
    }
    count_ = kept;
}

Instant Services::deadline()
{
    Instant first = never;
    for (Known& known : all()) {
        if (known.pid != 0) continue;
        first = std::min(first, runsvdir::deadline(known, predecessor_of(known)));
    }
    return first;
}

}  // namespace runsuite::runsvdir
