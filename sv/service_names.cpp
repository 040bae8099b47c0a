#include "sv/service_names.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "posix/directory.hpp"

namespace runsuite::sv {

ServiceNames::~ServiceNames()
{
    for (std::size_t at = 0; at < count_; ++at) std::free(names_[at]);
    std::free(names_);
}

Outcome ServiceNames::read(const char* directory)
{
    constexpr const char* doing = "read services directory";
    auto listing = Directory::open(directory, "open services directory");
    if (!listing) return listing.error();
    for (;;) {
        auto name = listing->next(doing);
        if (!name) return name.error();
        if (*name == nullptr) break;
        if ((*name)[0] == '.') continue;
        if (auto added = add(*name); !added) return added;
    }
    std::sort(names_, names_ + count_,
              [](const char* left, const char* right) { return std::strcmp(left, right) < 0; });
    return success();
}

Outcome ServiceNames::add(const char* name)
{
    const Error no_room{"read services directory", ENOMEM};
    if (count_ == room_) {
        const std::size_t more = room_ == 0 ? 64 : room_ * 2;
        auto* const grown = static_cast<char**>(std::realloc(names_, more * sizeof *names_));
        if (grown == nullptr) return no_room;
        names_ = grown;
        room_ = more;
    }
    names_[count_] = ::strdup(name);
    if (names_[count_] == nullptr) return no_room;
    ++count_;
    return success();
}

}  // namespace runsuite::sv
