// Any bytes as a file of the environment directory: the value lies in them, and has no newline but for a NUL's.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "chpst/env_file.hpp"

using namespace runsuite::chpst;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    const std::string original{reinterpret_cast<const char*>(bytes), size};
    std::string contents = original;
    const auto value = decode_env_file(contents);
    if (value.has_value() != (size > 0)) std::abort();
    if (!value) return 0;
    if (value->data() != contents.data() || value->size() > original.find('\n')) std::abort();
    if (value->find('\0') != std::string_view::npos) std::abort();
    for (std::size_t at = 0; at < value->size(); ++at) {
        const char expected = original[at] == '\0' ? '\n' : original[at];
        if ((*value)[at] != expected) std::abort();
    }
    const bool ends_with_blank = !value->empty() && (value->back() == ' ' || value->back() == '\t');
    if (ends_with_blank) std::abort();
    if (has_first_line(original) != (original.find('\n') != std::string::npos)) std::abort();
    return 0;
}
