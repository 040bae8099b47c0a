// The account that new log files are given to, see svlogd(8): o. A name is looked up by a child, since a directory service may
// be slow to answer.
//
//   Known    what was asked for, or nobody but us where it is not to be found
//   Awaited  it is looked up for the first time: files had better wait
//   Late     that takes too long, which was told: files are ours until there is an answer
#pragma once

#include <sys/types.h>

#include <optional>
#include <string_view>

#include "base/fixed_string.hpp"
#include "base/instant.hpp"
#include "svlogd/errand.hpp"

namespace runsuite::svlogd {

struct Ids {
    uid_t user = static_cast<uid_t>(-1);  // -1: ours
    gid_t group = static_cast<gid_t>(-1);

    bool operator==(const Ids&) const = default;
};

struct FoundIds {
    Ids ids;
    Error why;  // they could not be found
};

class Owner {
public:
    // "user", "user:group", ":group", names or numbers; nothing: we are. In place of what was before, which holds on until
    // the same name is found again. `text` is kept. Failures are told here.
    void open(std::string_view text, const sigset_t& child_mask, Instant now);

    const Ids& ids() const { return ids_; }
    bool is_awaited() const { return state_ == State::Awaited; }

    Instant deadline() const { return late_at_; }
    void tick(Instant now);
    bool has_child(pid_t pid) const { return look_up_.pid() == pid; }
    void child_ended();

private:
    enum class State { Known, Awaited, Late };

    void use(const FoundIds& found);

    State state_ = State::Known;
    std::string_view text_;
    FixedString<80> known_;  // the text that `ids_` are for
    Ids ids_;
    Errand<FoundIds> look_up_;
    Instant late_at_ = never;
};

}  // namespace runsuite::svlogd
