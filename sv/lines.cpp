#include "sv/lines.hpp"

#include "app/report.hpp"
#include "posix/clock.hpp"

namespace runsuite::sv {

void append_status(Output& output, std::string_view name, ServicePlace& place, const StatusRecord& record)
{
    const auto text = status_text(record, place.down_file(), Tai64n::from_unix(wall_now()));
    output.append(name_of(record.state)).append(": ").append_name(name).append(": ").append(text.view());
}

void append_failure(Output& output, std::string_view name, std::string_view suffix, const Error& why)
{
    output.append(is_fail_line(why) ? "fail: " : "warning: ").append_name(name).append(suffix).append(": ");
    if (why == not_running) {
        output.append("runsv not running");
        return;
    }
    output.append("unable to ").append(why.doing);
    if (why.code != 0) output.append(": ").append(report::reason(why.code));
}

bool is_fail_line(const Error& why)
{
    return why == not_running || why.doing == change_directory;
}

}  // namespace runsuite::sv
