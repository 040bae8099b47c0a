// "Something changed in this directory", told by the kernel: inotify(7) where there is one. Where open() fails the
// caller has to look by itself now and then.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "posix/unique_fd.hpp"

namespace runsuite {

class Watch {
public:
    // What to be told of: names that appear, vanish or are replaced; and, with Attributes, changed modes and links;
    // or only names that come in by rename(2), as every file of supervise/ does.
    enum class What { Names, NamesAndAttributes, Replacements };

    static Result<Watch> open();

    // Follows symlinks. The number of the watch: the same one when the directory was watched already.
    Result<int> add(const char* directory, What what);

    int fd() const { return fd_.get(); }  // for poll(2)

    // Reads off all that was told. Whether there was anything.
    bool drain();

    // Reads off all that was told and calls `told(number, name)` for each; `name` is nullptr when the directory itself
    // has changed or events were lost (number is -1 then).
    template <typename Told>
    void each(Told told);

    struct Event {
        int watch;
        const char* name;
        // A rename tells of both its names, of the old one first.
        bool is_old_name;
        bool is_new_name;
    };
    // The same with all that is known of it, and no more than a few hundred at a time: there may be more.
    template <typename Told>
    void each_of_some(Told told);

private:
    template <typename Told>
    bool each_of_buffer(Told told);
    std::size_t read_events(char* buffer, std::size_t size);
    static std::size_t take_event(const char* at, Event& event);

    UniqueFd fd_;
};

// For a process that is to end quickly: SIGIO is sent to it whenever something like that happens in `directory`, as long as the
// descriptor is open. See F_NOTIFY in fcntl(2). It does not tell which directory it was; but the end of a Watch has to
// wait until no processor can still be at its lists, 20 ms on some kernels, and this has not.
Result<UniqueFd> signal_changes(const char* directory, Watch::What what);

template <typename Told>
void Watch::each(Told told)
{
    while (each_of_buffer([&](const Event& event) { told(event.watch, event.name); })) continue;
}

template <typename Told>
void Watch::each_of_some(Told told)
{
    for (int buffers = 0; buffers < 16 && each_of_buffer(told); ++buffers) continue;
}

template <typename Told>
bool Watch::each_of_buffer(Told told)
{
    alignas(8) char buffer[1024];
    const std::size_t size = read_events(buffer, sizeof buffer);
    for (std::size_t at = 0; at < size;) {
        Event event{};
        at += take_event(buffer + at, event);
        told(event);
    }
    return size > 0;
}

}  // namespace runsuite
