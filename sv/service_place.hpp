// Where a service keeps what sv reads and writes. Every call goes to the file system; nothing is held open.
#pragma once

#include <array>
#include <string_view>

#include "app/state_dir.hpp"
#include "base/result.hpp"
#include "model/status_record.hpp"
#include "posix/unique_fd.hpp"
#include "sv/last_ends.hpp"
#include "sv/status_text.hpp"

namespace runsuite::sv {

// The one failure that is no failure to whoever wants runsv gone.
extern const Error not_running;

// The Error's words when the service directory itself is at fault.
extern const char* const change_directory;

// A byte that no runsv knows, written behind the command's in the same write. A runsv takes one byte at a time and has
// carried it out, and said so in supervise/status, before it takes the next. So once nothing is left in the pipe,
// everything before the fence has been done.
inline constexpr char fence = '\n';

// The services directory, opened once: names are looked up in it without walking the whole path for each.
struct ServicesDirectory {
    const char* path = nullptr;
    UniqueFd fd;
    int why_closed = 0;  // errno

    explicit ServicesDirectory(const char* directory);
};

class ServicePlace {
public:
    // A name that starts with a dot or a slash or ends with a slash is a path; others are looked up in `services`.
    ServicePlace(const ServicesDirectory& services, std::string_view name);

    // On to the log service of this service. False when it has none.
    Result<bool> enter_log();

    // supervise/ok opened for writing, which works only while runsv is there.
    Result<UniqueFd> open_ok();
    // supervise/control opened for writing.
    Result<UniqueFd> open_control();
    Result<StatusRecord> read_status();
    void read_last_ends(LastEnds& ends);  // none where that cannot be read
    DownFile down_file();

    // How long ago its entry in the directory above came in, or changed; never where that cannot be told.
    std::chrono::nanoseconds age_of_entry();

    // Full path of a file of the service, valid until the next call. "" is the directory. What runsv keeps is looked
    // for in the state directory, too, where there is one.
    const char* path(std::string_view file);

private:
    void append(std::string_view text);
    const char* from_base(std::string_view file);
    const char* here(std::string_view file);
    bool is_elsewhere();
    bool is_live_elsewhere(std::string_view service, const char* ok);
    Outcome probe_directory(const char* doing);

    std::array<char, 4096 + 256> text_;
    std::size_t size_ = 0;
    std::size_t base_size_ = 0;  // how much of it the descriptor stands for
    int base_;
    enum class State : unsigned char { Unknown, Here, Elsewhere } state_ = State::Unknown;
    FixedString<state_dir::longest + 1 + 255 + 4> state_directory_;  // of it, elsewhere
    state_dir::Path elsewhere_;                                      // the path that was asked for last
    int impossible_ = 0;                                             // errno, when there is no such path
};

// Whether `name` is of a service directory at all, for those who go through the services directory: neither a
// plain file nor something that has just vanished.
bool is_service(const Error& why);

}  // namespace runsuite::sv
