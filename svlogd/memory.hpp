// Pages of memory that can be handed back to the system while they are not needed.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <span>
#include <utility>

#include "base/result.hpp"

namespace runsuite::svlogd {

class [[nodiscard]] Memory {
public:
    static Result<Memory> map(std::size_t size)
    {
        void* const at = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (at == MAP_FAILED) return Error::last("get memory");
        Memory memory;
        memory.bytes_ = {static_cast<char*>(at), size};
        return memory;
    }

    Memory() = default;
    Memory(Memory&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
    Memory& operator=(Memory&& other) noexcept
    {
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    ~Memory()
    {
        if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
    }

    std::span<char> bytes() const { return bytes_; }

    // The contents from `kept` bytes on are lost; the memory stays usable.
    void hand_back(std::size_t kept) const
    {
        const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
        const std::size_t from = (kept + page - 1) / page * page;
        if (from < bytes_.size()) ::madvise(bytes_.data() + from, bytes_.size() - from, MADV_DONTNEED);
    }

private:
    std::span<char> bytes_;
};

}  // namespace runsuite::svlogd
