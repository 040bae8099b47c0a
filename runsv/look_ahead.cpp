#include "runsv/look_ahead.hpp"

#include <algorithm>
#include <array>

#include "model/command.hpp"
#include "posix/fifo.hpp"

namespace runsuite::runsv {

void LookAhead::watch(bool is_awaited, int control)
{
    if (is_awaited == is_on_) return;
    is_on_ = is_awaited;
    edge_.reset();
    if (!is_awaited) return;
    if (auto edge = Edge::open(control)) edge_.emplace(std::move(*edge));
}

// Of more commands than there is room for here nobody waits for the last one.
[[gnu::noinline]] bool LookAhead::finds_kill(int control) const
{
    edge_->take();
    std::array<char, 512> waiting;
    const auto size = peek_fifo(control, waiting, "look at the commands");
    if (!size) return false;
    const auto* const end = waiting.data() + *size;
    return std::find(static_cast<const char*>(waiting.data()), end, static_cast<char>(Command::Kill)) != end;
}

}  // namespace runsuite::runsv
