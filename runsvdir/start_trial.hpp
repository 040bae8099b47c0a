// Whether a container can work at all, which is judged once, five seconds after its start. Where the services directory was
// never there, or no runsv can supervise its service, nobody is going to mend it while nothing but a log says so: the
// container is ended instead. Once anything works, nothing of the kind ends it any more.
//
//   directory   services                                      verdict
//   ---------   --------------------------------------------  ------------------------------------------
//   never read  none                                          NoDirectory
//   read        none                                          Works: they may come
//   read        one of them has lasted for a second           Works
//   read        one was just started, or not tried yet        Later: when that is known
//   read        each one's runsv has ended with 111, or could  NoService
//               not be run
#pragma once

#include <algorithm>
#include <span>

#include "runsvdir/scan_rule.hpp"

namespace runsuite::runsvdir {

enum class Verdict : unsigned char { Works, Later, NoDirectory, NoService };

class StartTrial {
public:
    void begin(Instant now) { at_ = now + patience; }
    Instant deadline() const { return at_; }

    void note_directory() { has_directory_ = true; }

    // Before anything is started that is due at the same moment.
    template <typename Services = std::span<const Known>>
    Verdict judge(const Services& services, Instant now);

private:
    static constexpr Instant patience = std::chrono::seconds(5);

    static bool has_lasted(const Known& known, Instant now);
    static bool has_failed(const Known& known);

    Instant at_ = never;
    bool has_directory_ = false;
};

template <typename Services>
Verdict StartTrial::judge(const Services& services, Instant now)
{
    if (now < at_) return Verdict::Later;
    at_ = never;
    if (!has_directory_) return Verdict::NoDirectory;
    const auto first = services.begin();
    const auto last = services.end();
    if (std::any_of(first, last, [=](const Known& known) { return has_lasted(known, now); }) || first == last)
        return Verdict::Works;
    if (std::all_of(first, last, has_failed)) return Verdict::NoService;
    at_ = now + restart_pause / 4;
    return Verdict::Later;
}

}  // namespace runsuite::runsvdir
