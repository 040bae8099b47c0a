// A piece of what writev(2) and sendmsg(2) take.
#pragma once

#include <sys/uio.h>

#include <string_view>

namespace runsuite {

// `text` has to stay; it is only read.
inline iovec part_of(std::string_view text)
{
    return {const_cast<char*>(text.data()), text.size()};
}

}  // namespace runsuite
