#include "sv/end_text.hpp"

namespace runsuite::sv {

namespace {

void append_time(EndText& text, std::chrono::milliseconds time)
{
    if (time < std::chrono::seconds(1)) {
        text.append_number(time.count()).append(" ms");
        return;
    }
    text.append_number(time.count() / 1000);
    if (time < std::chrono::seconds(10)) text.append(".").append_number(time.count() / 100 % 10);
    text.append(" s");
}

}  // namespace

EndText end_text(const EarlyEnd& end)
{
    const bool is_known = end.record && end.record->end.how != ExitRecord::How::Unknown;
    EndText text{is_known ? end.record->end.text().view() : "ended"};
    const bool has_core = end.record && end.record->core;
    if (has_core) text.append(", core dumped,");
    if (end.record || end.ran > Instant::zero()) {
        text.append(" after ");
        append_time(text, std::chrono::duration_cast<std::chrono::milliseconds>(end.ran));
    }
    return text;
}

EndText row_text(const EarlyEnd& end)
{
    EndText text;
    if (end.in_a_row > 1) text.append(", ").append_number(end.in_a_row).append(" times in a row");
    return text;
}

}  // namespace runsuite::sv
