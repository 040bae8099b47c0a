// A few values, in the order in which they were added, on the stack. Whoever adds knows that there is room.
#pragma once

#include <array>
#include <cstddef>

namespace runsuite {

template <typename T, std::size_t Capacity>
class FixedList {
public:
    void add(const T& value) { values_[size_++] = value; }
    const T* begin() const { return values_.data(); }
    const T* end() const { return values_.data() + size_; }
    std::size_t size() const { return size_; }

private:
    std::array<T, Capacity> values_{};
    std::size_t size_ = 0;
};

}  // namespace runsuite
