#include "runsvdir/services.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "runsvdir/name_hash.hpp"

namespace runsuite::runsvdir {

namespace {

std::uint32_t hash_of_number(std::uint64_t number)
{
    return static_cast<std::uint32_t>((number * 0x9E3779B97F4A7C15U) >> 32U);
}

std::uint32_t hash_of_service(const ServiceId& id)
{
    return hash_of_number(id.inode ^ id.device << 48U);
}

std::uint32_t hash_of_process(pid_t pid)
{
    return hash_of_number(static_cast<std::uint64_t>(pid));
}

}  // namespace

std::uint32_t Services::hash_of_id(const Entry& entry)
{
    return hash_of_service(entry.id);
}

std::uint32_t Services::hash_of_name(const Entry& entry)
{
    return hash_of(entry.name);
}

std::uint32_t Services::hash_of_pid(const Entry& entry)
{
    return hash_of_process(entry.pid);
}

Services::~Services()
{
    for (Known& known : all()) {
        std::free(known.name);
        std::free(static_cast<Entry*>(&known));
    }
    std::free(entries_);
}

void Services::begin_scan()
{
    for (Known& known : all()) known.seen = known.has_aliases = false;
}

bool Services::note(const ServiceId& id, const char* name)
{
    Entry* const entry = entry_of(id);
    if (entry == nullptr) {
        char* const copy = ::strdup(name);
        if (copy != nullptr && add(id, copy)) return true;
        std::free(copy);
        return false;
    }
    const bool is_its_name = std::strcmp(entry->name, name) == 0;
    if (entry->seen && !is_its_name) entry->has_aliases = true;
    return std::exchange(entry->seen, true) || is_its_name || rename(*entry, name);
}

void Services::note_unreadable(const char* name)
{
    by_name_.find(hash_of(name), [=](Entry& entry) {
        if (std::strcmp(entry.name, name) == 0) entry.seen = true;
        return false;
    });
}

void Services::end_scan(bool saw_everything)
{
    for (Known& known : all()) {
        if (saw_everything) known = after_scan(known);
        open(static_cast<Entry&>(known));
    }
}

bool Services::see(const ServiceId& id, const char* name)
{
    Entry* const entry = entry_of(id);
    Entry* const former = seen_under(name);
    if (entry != nullptr && entry == former) return true;
    if (entry != nullptr && entry->seen) return false;  // it has changed names with another one, or has two
    if (former != nullptr && !miss(name)) return false;
    if (!note(id, name)) return false;
    Known* const known = with_id(id);
    *known = after_scan(*known);
    return true;
}

bool Services::miss(const char* name)
{
    Entry* const entry = seen_under(name);
    if (entry == nullptr) return true;
    if (entry->has_aliases) return false;
    entry->seen = entry->wanted = false;
    open(*entry);
    return true;
}

int Services::by_name(const void* one, const void* other)
{
    return std::strcmp((*static_cast<Entry* const*>(one))->name, (*static_cast<Entry* const*>(other))->name);
}

void Services::sort_by_name()
{
    is_sorted_ = true;
    if (count_ > 1) std::qsort(entries_, count_, sizeof *entries_, by_name);
    open_ = last_open_ = nullptr;
    for (std::size_t at = 0; at < count_; ++at) {
        entries_[at]->at = at;
        entries_[at]->is_listed = false;
        open(*entries_[at]);
    }
}

bool Services::make_room()
{
    if (!by_id_.make_room() || !by_name_.make_room() || !by_pid_.make_room()) return false;
    if (count_ < room_) return true;
    const std::size_t room = std::max<std::size_t>(16, room_ + room_ / 2);
    void* const larger = std::realloc(entries_, room * sizeof(Entry*));
    if (larger == nullptr) return false;
    entries_ = static_cast<Entry**>(larger);
    room_ = room;
    return true;
}

bool Services::add(const ServiceId& id, char* name)
{
    void* const room = make_room() ? std::malloc(sizeof(Entry)) : nullptr;
    if (room == nullptr) return false;
    auto* const entry = new (room) Entry;
    entry->id = id;
    entry->name = name;
    entry->at = count_;
    entries_[count_++] = entry;
    by_id_.add(*entry);
    by_name_.add(*entry);
    open(*entry);
    return true;
}

bool Services::rename(Entry& entry, const char* name)
{
    char* const copy = ::strdup(name);
    if (copy == nullptr) return false;
    by_name_.remove(entry);
    std::free(entry.name);
    entry.name = copy;
    by_name_.add(entry);
    return true;
}

Services::Entry* Services::entry_of(const ServiceId& id)
{
    return by_id_.find(hash_of_service(id), [&](const Entry& entry) { return entry.id == id; });
}

Services::Entry* Services::seen_under(const char* name)
{
    return by_name_.find(hash_of(name),
                         [=](const Entry& entry) { return entry.seen && std::strcmp(entry.name, name) == 0; });
}

Known* Services::with_pid(pid_t pid)
{
    return by_pid_.find(hash_of_process(pid), [=](const Entry& entry) { return entry.pid == pid; });
}

Known* Services::predecessor_of(const Known& known)
{
    return by_name_.find(hash_of(known.name), [&](const Entry& other) {
        const bool is_left = !other.seen && other.pid != 0 && &other != &known;
        return is_left && std::strcmp(other.name, known.name) == 0;
    });
}

void Services::update(Known& known, const Known& next)
{
    auto& entry = static_cast<Entry&>(known);
    if (known.pid != 0) by_pid_.remove(entry);
    known = next;
    if (known.pid != 0 && by_pid_.make_room()) by_pid_.add(entry);
    open(entry);
}

void Services::open(Entry& entry)
{
    if (entry.is_listed || !is_open(entry)) return;
    entry.is_listed = true;
    entry.next_open = nullptr;
    (open_ == nullptr ? open_ : last_open_->next_open) = &entry;
    last_open_ = &entry;
}

void Services::forget_gone()
{
    bool is_any_gone = false;
    Entry* at = std::exchange(open_, nullptr);
    last_open_ = nullptr;
    while (at != nullptr) {
        Entry& entry = *at;
        at = at->next_open;
        entry.is_listed = false;
        if (due(entry, nullptr, Instant::zero()) != Due::Forget) {
            open(entry);
            continue;
        }
        forget(entry);
        is_any_gone = true;
    }
    if (is_any_gone && is_sorted_) sort_by_name();
}

void Services::forget(Entry& entry)
{
    by_id_.remove(entry);
    by_name_.remove(entry);
    entries_[entry.at] = entries_[--count_];
    entries_[entry.at]->at = entry.at;
    std::free(entry.name);
    std::free(&entry);
}

Instant Services::deadline(bool is_waiting)
{
    Instant first = never;
    each_open([&](Known& known) {
        if (known.pid == 0 && (known.was_started || !is_waiting))
            first = std::min(first, runsvdir::deadline(known, predecessor_of(known)));
        return true;
    });
    return first;
}

}  // namespace runsuite::runsvdir
