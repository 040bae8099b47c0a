#include "runsvdir/start_order.hpp"

#include <utility>

#include "app/service_dir.hpp"
#include "posix/fifo.hpp"
#include "runsvdir/service_file.hpp"

namespace runsuite::runsvdir {

namespace {

constexpr Instant patience = std::chrono::seconds(1);

// Its runsv lives, and has started what it was to start.
bool is_under_way(const char* name)
{
    using Names = service_dir::Names;
    constexpr Names names = service_dir::of_service;
    if (!open_writing_end(ServiceFile(name, names.ok).path(), "open")) return false;
    char room[48];
    const auto stat = ServiceFile(name, names.stat).read(room);
    return stat.starts_with("run") || stat.starts_with("finish") || exists(ServiceFile(name, names.down).path());
}

}  // namespace

void StartOrder::started(const char* name, Instant now)
{
    name_ = FixedString<255>{name};
    patience_end_ = now + patience;
    is_waiting_ = true;
}

bool StartOrder::is_free(Instant now)
{
    const bool has_news = std::exchange(has_news_, false);
    if (!is_waiting_) return true;
    if (now >= patience_end_ || (has_news && is_under_way(name_.c_str()))) is_waiting_ = false;
    return !is_waiting_;
}

}  // namespace runsuite::runsvdir
