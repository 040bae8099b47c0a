// Finds values by a number that they have: a hash table whose chains go through the values themselves. It keeps no value,
// and one has to be taken out before its number changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace runsuite::runsvdir {

template <typename Value, Value* Value::*next, std::uint32_t (*hash_of)(const Value&)>
class Index {
public:
    Index() = default;
    Index(const Index&) = delete;
    Index& operator=(const Index&) = delete;
    ~Index() { std::free(chains_); }

    // Before add(). False: out of memory. With less room than it would like to have it still finds everything.
    bool make_room()
    {
        if (count_ < room_) return true;
        const std::size_t room = room_ == 0 ? 16 : 2 * room_;
        auto* const chains = static_cast<Value**>(std::malloc(room * sizeof(Value*)));
        if (chains == nullptr) return room_ != 0;
        for (std::size_t at = 0; at < room; ++at) chains[at] = nullptr;
        Value** const old = chains_;
        const std::size_t old_room = room_;
        chains_ = chains;
        room_ = room;
        count_ = 0;
        for (std::size_t at = 0; at < old_room; ++at) add_chain(old[at]);
        std::free(old);
        return true;
    }

    void add(Value& value)
    {
        Value*& chain = chain_of(hash_of(value));
        value.*next = chain;
        chain = &value;
        ++count_;
    }

    void remove(Value& value)
    {
        for (Value** at = &chain_of(hash_of(value)); *at != nullptr; at = &((*at)->*next)) {
            if (*at != &value) continue;
            *at = value.*next;
            --count_;
            return;
        }
    }

    // The first one with this number for which `is_it` says so; or nullptr.
    template <typename IsIt>
    Value* find(std::uint32_t hash, IsIt is_it) const
    {
        Value* at = room_ != 0 ? chains_[hash & (room_ - 1)] : nullptr;
        while (at != nullptr && !is_it(*at)) at = at->*next;
        return at;
    }

private:
    Value*& chain_of(std::uint32_t hash) { return chains_[hash & (room_ - 1)]; }

    void add_chain(Value* at)
    {
        while (at != nullptr) {
            Value* const after = at->*next;
            add(*at);
            at = after;
        }
    }

    Value** chains_ = nullptr;
    std::size_t room_ = 0;  // a power of two
    std::size_t count_ = 0;
};

}  // namespace runsuite::runsvdir
