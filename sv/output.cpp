#include "sv/output.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/copy_short.hpp"
#include "posix/file.hpp"

namespace runsuite::sv {

Output& Output::append(std::string_view text)
{
    while (!text.empty()) {
        if (used_ == bytes_.size()) flush();
        const std::size_t count = std::min(text.size(), bytes_.size() - used_);
        copy_short({text.data(), count}, bytes_.data() + used_);
        used_ += count;
        text.remove_prefix(count);
    }
    return *this;
}

Output& Output::append_name(std::string_view name)
{
    const auto is_control = [](char letter) {
        return static_cast<unsigned char>(letter) < ' ' || letter == '\x7f';
    };
    while (!name.empty()) {
        const auto harmless = std::find_if(name.begin(), name.end(), is_control);
        append({name.begin(), harmless});
        name = {harmless, name.end()};
        if (name.empty()) break;
        append("?");
        name.remove_prefix(1);
    }
    return *this;
}

void Output::flush()
{
    const auto written = write_all(STDOUT_FILENO, {bytes_.data(), used_}, "write to standard output");
    if (!written) failure_ = written.error();
    used_ = 0;
}

}  // namespace runsuite::sv
