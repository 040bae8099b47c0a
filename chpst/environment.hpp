// The environment that the program is to have: ours, until something in it changes.
#pragma once

#include <cstddef>
#include <string_view>

namespace runsuite::chpst {

// Frees nothing: it ends with the exec.
class Environment {
public:
    Environment() = default;
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

    // Removes every variable of that name, then adds the new one. Both are false when there is no memory.
    bool set(std::string_view name, std::string_view value);
    bool unset(std::string_view name);

    // Ends with a null pointer. Valid until the next change.
    const char* const* list() const;

private:
    bool reserve_one();
    void remove(std::string_view name);

    const char** entries_ = nullptr;  // nullptr: nothing has changed so far
    std::size_t count_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace runsuite::chpst
