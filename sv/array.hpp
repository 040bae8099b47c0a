// As many values as there are services: counted once, allocated once, without exceptions.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <span>

namespace runsuite::sv {

template <typename T>
class Array {
public:
    Array() = default;
    Array(const Array&) = delete;
    Array& operator=(const Array&) = delete;
    ~Array()
    {
        for (T& value : all()) value.~T();
        std::free(values_);
    }

    // Once. False when there is no memory.
    bool allocate(std::size_t count)
    {
        values_ = static_cast<T*>(std::calloc(count, sizeof(T)));
        if (values_ == nullptr) return false;
        for (; count_ < count; ++count_) new (values_ + count_) T{};
        return true;
    }

    std::span<T> all() { return {values_, count_}; }
    T& operator[](std::size_t at) { return values_[at]; }

private:
    T* values_ = nullptr;
    std::size_t count_ = 0;
};

}  // namespace runsuite::sv
