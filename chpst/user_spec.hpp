// What -u and -U are given: names to be looked up, or numbers to be taken as they are.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string_view>

#include "chpst/words.hpp"

namespace runsuite::chpst {

// As many as the reference takes.
inline constexpr std::size_t most_groups = 60;

struct UserSpec {
    enum class Kind { Absent, Names, Numbers, Account, InvalidNumbers, TooManyGroups };

    Kind kind = Kind::Absent;
    std::string_view text;  // as it was given, without the colon in front of numbers
    std::string_view user;
    uid_t uid = 0;  // of Numbers

    bool is_given() const { return kind != Kind::Absent; }
    // The words behind the user, the first one is for the gid: names, or what parse_id() takes. None of an Account.
    Parts groups() const;
};

//   USER[:GROUP[:GROUP...]]   Names. A number there is a name as well.
//   :UID:GID[:GID...]         Numbers, decimal, each below 4294967295: that one means "unchanged" to the kernel.
// Anything else after a first colon is InvalidNumbers.
UserSpec parse_user_spec(std::string_view text);

// An id that the kernel takes as one.
std::optional<gid_t> parse_id(std::string_view word);

// Not every C library leaves out the lines of its files that are none of an account or a group: a comment, and what sends
// to another name service.
bool is_account_name(std::string_view name);

// The whole text is the name of an account, whatever is in it.
UserSpec account_only(std::string_view text);

}  // namespace runsuite::chpst
