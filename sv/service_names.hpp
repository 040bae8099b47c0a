// The names of all services in a services directory, sorted by their bytes; dot names are none.
#pragma once

#include <cstddef>
#include <span>

#include "base/result.hpp"

namespace runsuite::sv {

class ServiceNames {
public:
    ServiceNames() = default;
    ServiceNames(const ServiceNames&) = delete;
    ServiceNames& operator=(const ServiceNames&) = delete;
    ~ServiceNames();

    Outcome read(const char* directory);
    std::span<const char* const> sorted() const { return {names_, count_}; }

private:
    Outcome add(const char* name);

    char** names_ = nullptr;
    std::size_t count_ = 0;
    std::size_t room_ = 0;
};

}  // namespace runsuite::sv
