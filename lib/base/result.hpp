// Why something failed, and a value or such a reason.
#pragma once

#include <cerrno>
#include <cstdlib>
#include <utility>

namespace runsuite {

// `doing` is a literal infinitive ("open supervise/lock"), so an Error never allocates and every message
// reads "unable to DOING: REASON". `code` is an errno value, 0 where the system gave none. `name`, where `doing` cannot say
// it all, comes after it: "unable to DOING NAME: REASON"; it is not owned, a literal again or one that lives longer.
struct Error {
    const char* doing = nullptr;
    int code = 0;
    const char* name = nullptr;

    static Error last(const char* doing, const char* name = nullptr) { return {doing, errno, name}; }

    explicit operator bool() const { return doing != nullptr; }
    bool operator==(const Error&) const = default;
};

// A T or an Error. Asking a failure for its value is a bug and aborts.
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : value_(std::move(value)) {}
    Result(Error error) : error_(error) {}

    explicit operator bool() const { return !error_; }
    const Error& error() const { return error_; }

    T& value()
    {
        if (error_) std::abort();
        return value_;
    }
    const T& value() const { return const_cast<Result*>(this)->value(); }
    T& operator*() { return value(); }
    const T& operator*() const { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

private:
    T value_{};
    Error error_{};
};

struct Nothing {};
using Outcome = Result<Nothing>;

inline Outcome success()
{
    return Nothing{};
}

}  // namespace runsuite
