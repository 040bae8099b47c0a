// The account that new log files are given to, see svlogd(8): o.
#pragma once

#include <string_view>

#include "svlogd/log_writer.hpp"

namespace runsuite::svlogd {

// `file` with the owner of `text`: "user", "user:group", ":group"; names or numbers. An empty text changes nothing.
Result<NewFile> find_owner(std::string_view text, NewFile file);

}  // namespace runsuite::svlogd
