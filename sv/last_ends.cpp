#include "sv/last_ends.hpp"

namespace runsuite::sv {

namespace {

constexpr std::chrono::minutes stable_run{1};

}  // namespace

std::optional<DeathRecord> LastEnds::newest() const
{
    return newest_before(std::nullopt);
}

unsigned LastEnds::in_a_row() const
{
    unsigned count = 0;
    for (auto end = newest(); end && !end->asked; end = newest_before(end->at)) {
        ++count;
        if (end->ran >= stable_run) break;
    }
    return count;
}

std::optional<DeathRecord> LastEnds::record(std::size_t place) const
{
    return DeathRecord::decode({bytes_.data() + place * DeathRecord::size, DeathRecord::size});
}

std::optional<DeathRecord> LastEnds::newest_before(const std::optional<Tai64n>& limit) const
{
    std::optional<DeathRecord> newest;
    for (std::size_t place = 0; (place + 1) * DeathRecord::size <= size_; ++place) {
        const auto one = record(place);
        if (!one || (limit && one->at >= *limit)) continue;
        if (!newest || one->at > newest->at) newest = one;
    }
    return newest;
}

}  // namespace runsuite::sv
