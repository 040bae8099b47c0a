// The record that a runsv keeps in supervise/lock of what it has in its care, so that the next one can take it over. A child
// writes itself into it before it becomes a program, and until then has the lock as well: there is no moment in which a
// process of ours runs and the record does not say so.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "model/lock_record.hpp"
#include "runsv/inheritance.hpp"
#include "runsv/service.hpp"

namespace runsuite::runsv {

class Record {
public:
    // `lock` is held, and borrowed. Nothing is written yet.
    void open(int lock, const Place& place);
    // What the runsv before this one left, if it is of this place.
    std::optional<LockRecord> left() const;
    // The processes of `left` are in our care now.
    void take_over(const LockRecord& left);

    // What the next child writes of the service beside itself; publish() does so otherwise.
    void prepare(const Service& service);
    // What the next child is going to be: control/`script`, or 0: what follows from the service being `phase`.
    void expect(LockRecord::Phase phase, Script script);
    // In that child, see SpawnSpec::in_child: `record` is this object.
    static void note_child(void* record);
    // When the last ./run wrote itself down.
    Tai64n since() const { return record_.since(); }

    // Writes what has changed.
    Outcome publish(const Service& service);

private:
    int lock_ = -1;
    bool is_written_ = false;
    LockRecord::Phase expected_ = LockRecord::Phase::Down;
    Script expected_script_ = 0;
    LockRecord record_;
};

}  // namespace runsuite::runsv
