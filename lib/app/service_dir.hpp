// The names inside a service directory, relative to it. `log/` holds the same ones for the log service.
#pragma once

namespace runsuite::service_dir {

inline constexpr const char* run = "./run";
inline constexpr const char* finish = "./finish";
inline constexpr const char* check = "./check";
inline constexpr const char* down = "down";
inline constexpr const char* log = "log";
// An empty file: when this service ends without being asked to, its end is told of in `exit` of supervise.
inline constexpr const char* essential = "essential";
// An empty file: output that a failing log does not read is thrown away, the oldest first, in place of waiting.
inline constexpr const char* relieve = "relieve";

// Everything runsv keeps of one service; `prefix` is "" or "log/".
#define RUNSUITE_SUPERVISE(prefix)                                                                      \
    {                                                                                                   \
        prefix "supervise", prefix "supervise/lock", prefix "supervise/control", prefix "supervise/ok", \
            prefix "supervise/status", prefix "supervise/stat", prefix "supervise/pid", prefix "down",  \
            prefix "supervise/status.new", prefix "supervise/stat.new", prefix "supervise/pid.new",     \
            prefix "supervise/output", prefix "supervise/exit", prefix "supervise/exit.new",            \
            prefix "supervise/deaths"                                                                   \
    }

struct Names {
    const char* supervise;
    const char* lock;
    const char* control;
    const char* ok;
    const char* status;
    const char* stat;
    const char* pid;
    const char* down;
    const char* status_scratch;
    const char* stat_scratch;
    const char* pid_scratch;
    const char* output;  // the fifo from the service to its log
    const char* exit;    // how an essential service has ended
    const char* exit_scratch;
    const char* deaths;  // the last ends of ./run, see model/death_record.hpp
};

inline constexpr Names of_service = RUNSUITE_SUPERVISE("");
inline constexpr Names of_log = RUNSUITE_SUPERVISE("log/");
#undef RUNSUITE_SUPERVISE

}  // namespace runsuite::service_dir
