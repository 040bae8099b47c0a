// All services that are known, as the looks at the directory and the deaths leave them. It grows with their number; where
// there is no memory for one more, the caller is told and nothing is lost.
//
// Most services have a runsv and are wanted: nothing can be due for them. The others are "open", and on a list of their own,
// so that what happens to one service costs the same however many there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "runsvdir/index.hpp"
#include "runsvdir/scan_rule.hpp"

namespace runsuite::runsvdir {

class Services {
    struct Entry : Known {
        Entry* next_of_id = nullptr;
        Entry* next_of_name = nullptr;
        Entry* next_of_pid = nullptr;
        Entry* next_open = nullptr;
        std::size_t at = 0;  // in entries_
        bool is_listed = false;
    };

public:
    class Iterator {
    public:
        using iterator_category = std::bidirectional_iterator_tag;
        using value_type = Known;
        using difference_type = std::ptrdiff_t;
        using pointer = Known*;
        using reference = Known&;

        explicit Iterator(Entry** at) : at_(at) {}
        Known& operator*() const { return **at_; }
        Known* operator->() const { return *at_; }
        Iterator& operator++() { return ++at_, *this; }
        Iterator& operator--() { return --at_, *this; }
        bool operator==(const Iterator&) const = default;

    private:
        Entry** at_;
    };
    struct All {
        Iterator first, last;
        Iterator begin() const { return first; }
        Iterator end() const { return last; }
        auto rbegin() const { return std::reverse_iterator(last); }
        auto rend() const { return std::reverse_iterator(first); }
    };

    Services() = default;
    Services(const Services&) = delete;
    Services& operator=(const Services&) = delete;
    ~Services();

    // A scan: begin, note each directory, end. When it could not see everything nothing counts as removed.
    void begin_scan();
    bool note(const ServiceId& id, const char* name);  // false: out of memory
    void note_unreadable(const char* name);            // there, but nobody can say which directory it is
    void end_scan(bool saw_everything);

    // What one name has come to be since the last scan. False: only a scan can tell.
    bool see(const ServiceId& id, const char* name);
    bool miss(const char* name);

    void sort_by_name();  // and stays so

    All all() { return {Iterator(entries_), Iterator(entries_ + count_)}; }
    std::size_t size() const { return count_; }

    Known* with_id(const ServiceId& id) { return entry_of(id); }
    // Nobody's: nullptr. Pids that are not ours come to a process that reaps orphans.
    Known* with_pid(pid_t pid);
    // The service that was there before under the name of `known`, while its runsv lives on.
    Known* predecessor_of(const Known& known);

    // `known` becomes `next`: every change of its pid goes this way.
    void update(Known& known, const Known& next);

    // Each one for which something may be due, until `act` says false.
    template <typename Act>
    void each_open(Act act);
    void forget_gone();  // those that are due for it
    // `is_waiting`: of those only that were started before.
    Instant deadline(bool is_waiting = false);

private:
    static std::uint32_t hash_of_id(const Entry& entry);
    static std::uint32_t hash_of_name(const Entry& entry);
    static std::uint32_t hash_of_pid(const Entry& entry);

    static int by_name(const void* one, const void* other);
    Entry* entry_of(const ServiceId& id);
    Entry* seen_under(const char* name);
    bool make_room();
    bool add(const ServiceId& id, char* name);
    bool rename(Entry& entry, const char* name);
    void open(Entry& entry);
    void forget(Entry& entry);

    Entry** entries_ = nullptr;
    std::size_t count_ = 0;
    std::size_t room_ = 0;
    Entry* open_ = nullptr;
    Entry* last_open_ = nullptr;
    bool is_sorted_ = false;
    Index<Entry, &Entry::next_of_id, hash_of_id> by_id_;
    Index<Entry, &Entry::next_of_name, hash_of_name> by_name_;
    Index<Entry, &Entry::next_of_pid, hash_of_pid> by_pid_;
};

template <typename Act>
void Services::each_open(Act act)
{
    for (Entry* entry = open_; entry != nullptr; entry = entry->next_open) {
        if (!act(*entry)) return;
    }
}

}  // namespace runsuite::runsvdir
