#include "sv/lines.hpp"

#include "app/report.hpp"
#include "app/run_trouble.hpp"
#include "posix/clock.hpp"
#include "posix/spawn.hpp"
#include "sv/end_text.hpp"

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

void append_early_end(Output& output, std::string_view name, ServicePlace& place, const EarlyEnd& end)
{
    const bool may_be_unstarted =
        !end.record || end.record->end == ExitRecord{ExitRecord::How::Exited, exit_not_run};
    const report::Line trouble = may_be_unstarted ? run_trouble(place.path("run"), 0) : report::Line{};
    output.append("fail: ").append_name(name).append(": ");
    if (trouble.view().empty()) output.append(end_text(end).view());
    else output.append("unable to start ./run: ").append_name(trouble.view());
    output.append(row_text(end).view()).append("\n");
}

bool is_fail_line(const Error& why)
{
    return why == not_running || why.doing == change_directory;
}

}  // namespace runsuite::sv
