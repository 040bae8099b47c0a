#include "sv/status_text.hpp"

namespace runsuite::sv {

StatusText status_text(const StatusRecord& record, DownFile down_file, const Tai64n& now)
{
    const bool has_process = record.pid != 0;
    StatusText text;
    if (record.state != ServiceState::Down) text.append("(pid ").append_number(record.pid).append(") ");
    text.append_number(whole_seconds_between(record.since, now)).append("s");
    if (has_process && down_file == DownFile::Present) text.append(", normally down");
    if (!has_process && down_file == DownFile::Absent) text.append(", normally up");
    if (record.paused) text.append(", paused");
    if (!has_process && record.want == Want::Up) text.append(", want up");
    if (has_process && record.want != Want::Up) text.append(", want down");
    if (record.term_sent) text.append(", got TERM");
    return text;
}

}  // namespace runsuite::sv
