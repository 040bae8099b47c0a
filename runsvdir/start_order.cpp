#include "runsvdir/start_order.hpp"

#include "app/service_dir.hpp"
#include "posix/fifo.hpp"
#include "runsvdir/service_file.hpp"

namespace runsuite::runsvdir {

namespace {

constexpr Instant patience = std::chrono::seconds(1);
constexpr Instant look_pause_of_order = std::chrono::milliseconds(1);

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
    look_at_ = now + look_pause_of_order;
}

bool StartOrder::is_free(Instant now)
{
    if (look_at_ == Instant::zero()) return true;
    if (now < look_at_) return false;
    const bool is_free = now >= patience_end_ || is_under_way(name_.c_str());
    look_at_ = is_free ? Instant::zero() : now + look_pause_of_order;
    return is_free;
}

}  // namespace runsuite::runsvdir
