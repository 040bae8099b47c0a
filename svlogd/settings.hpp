// The config of a log directory as it was read, with the text that it points into.
#pragma once

#include "base/result.hpp"
#include "svlogd/log_config.hpp"
#include "svlogd/log_directory.hpp"
#include "svlogd/memory.hpp"

namespace runsuite::svlogd {

struct Settings {
    Config config;
    bool was_read = false;  // there is a config file
    Memory memory;          // of the rules and the text; not the heap, which would take more pages

    static Settings defaults(std::uint64_t line_length);
    // A missing file is all defaults. What is wrong with single lines is warned about here.
    static Result<Settings> read(const LogDirectory& directory, std::uint64_t line_length);
    const char* processor() const { return config.processor.data(); }  // ends in a NUL
};

}  // namespace runsuite::svlogd
