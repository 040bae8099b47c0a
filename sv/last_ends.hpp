// What supervise/deaths says, read at once: a ring of records, of which any may be garbage.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "model/death_record.hpp"

namespace runsuite::sv {

class LastEnds {
public:
    static constexpr std::size_t size = DeathRecord::size * DeathRecord::kept;

    // To be filled; `count` bytes have been.
    std::array<char, size>& room() { return bytes_; }
    void set_size(std::size_t count) { size_ = count; }

    std::optional<DeathRecord> newest() const;
    // How many unasked ends there have been one after the other, up to the newest. As for runsv a run of a minute begins a
    // new row.
    unsigned in_a_row() const;

private:
    std::optional<DeathRecord> record(std::size_t place) const;
    std::optional<DeathRecord> newest_before(const std::optional<Tai64n>& limit) const;

    std::array<char, size> bytes_;
    std::size_t size_ = 0;
};

}  // namespace runsuite::sv
