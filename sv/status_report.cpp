#include "sv/status_report.hpp"

#include "app/report.hpp"
#include "sv/exit_code.hpp"
#include "sv/lines.hpp"
#include "sv/service_names.hpp"

namespace runsuite::sv {

namespace {

enum class Unlisted { Tell, Skip };  // what to do about a name that is no service

class StatusReport {
public:
    StatusReport(const char* services, Output& output) : services_(services), output_(output) {}

    void add(const char* name, Unlisted unlisted)
    {
        ServicePlace place{services_, name};
        auto record = look(place);
        if (!record && unlisted == Unlisted::Skip && !is_service(record.error())) return;
        if (record) {
            add_state(place, name, *record);
        } else {
            ++failures_;
            init_code_ = is_fail_line(record.error()) ? init_code::failed : init_code::unknown;
            append_failure(output_, name, "", record.error());
        }
        output_.append("\n");
    }

    int failures() const { return failures_; }
    int init_script_code() const { return init_code_; }

private:
    static Result<StatusRecord> look(ServicePlace& place)
    {
        if (const auto ok = place.open_ok(); !ok) return ok.error();
        return place.read_status();
    }

    void add_state(ServicePlace& place, const char* name, const StatusRecord& record)
    {
        init_code_ = record.state == ServiceState::Down ? init_code::down : 0;
        append_status(output_, name, place, record);
        auto log = place.enter_log();
        if (log && !*log) return;
        output_.append("; ");
        auto log_record = log ? look(place) : log.error();
        if (log_record) {
            append_status(output_, "log", place, *log_record);
        } else {
            ++failures_;
            append_failure(output_, name, "/log", log_record.error());
        }
    }

    const ServicesDirectory services_;
    Output& output_;
    int failures_ = 0;
    int init_code_ = 0;
};

}  // namespace

int report_status(const Options& options, Output& output)
{
    StatusReport report{options.services_directory, output};
    ServiceNames all;
    if (options.services.empty()) {
        const auto read = all.read(options.services_directory);
        if (!read) return report::fatal(read.error(), options.services_directory, fatal_code);
    }
    for (const char* name : all.sorted()) report.add(name, Unlisted::Skip);
    for (const char* name : options.services) report.add(name, Unlisted::Tell);
    return options.init_script ? report.init_script_code() : code_of_failures(report.failures(), false);
}

}  // namespace runsuite::sv
