// What outlives a killed runsv, and what the next one makes of it.
//
// Whoever is killed, in whatever order, this must hold: there is never a second copy of a service; one that is wanted up
// runs, one that was taken down stays down; every line that the service wrote reaches its log once and in order, but for
// what a killed log itself had read; nobody gets a SIGPIPE; no process that is not ours is touched.
//
//  killed             in which state             what is left                    why it holds
//  -----------------  -------------------------  ------------------------------  ------------------------------------------
//  runsv              before ./run is executed   a child that is about to be     it keeps the lock until then, and has written
//                                                ./run                           itself into the record: the next runsv
//                                                                                cannot begin before that
//  runsv              service and log run        both, and the fifo between      the service holds supervise/output open for
//                                                them                            reading too: the log reads on, or the next
//                                                                                one does
//  runsv              the log is between two     the service, which is its own   a write waits when the fifo is full; the next
//                     runs, or down              reader                          runsv finds the fifo by its name
//  runsv, log         any                        the service                     the same
//  runsv, service     any                        the log, or nothing             the log reads the rest and ends; another one
//                                                                                is started on the same fifo
//  runsv, service,    any                        nothing                         what nobody had read is lost with the last
//  log at one moment                                                             holder of the fifo, 64 KiB at most
//  service, or log    any                        a living runsv                  it holds both ends of the fifo
//  runsv              while it exits             service or log, told to end     the record says Exit: the order was the dead
//                                                                                runsv's, the next one starts the service
//  runsv              a command is being obeyed  perhaps a script in control/    it is in the record, and awaited
//  runsvdir           any                        every runsv                     the next runsvdir finds each by its record
//  a whole container  any                        nothing                         another life of the namespace, see below
//
// The next runsv asks, in this order:
//
//  the record                            and                what follows
//  ------------------------------------  -----------------  --------------------------------------------------------------
//  is not there, not ours alone, not     -                  a new service: up, unless there is a `down` file
//  understood; of another directory
//  (a copy), boot, pid namespace, or
//  from before process 1 was started
//  wants an exit                         -                  what it wants is that of a new service; processes as below
//  wants up, down or once                -                  so it stays, whatever `down` says
//  Down                                  -                  nothing runs
//  Preparing                             control/u lives    it is awaited, then ./run is started
//                                        it is gone         as Down: it is run again before ./run
//  Run                                   ./run lives        it is taken over: watched, signalled, reported
//                                        it is gone         it ended unseen: ./finish is run (-1 0), then as wanted
//  Finish                                ./finish lives     it is awaited
//                                        not started yet    it is started
//                                        it is gone         as Down
//  awaits a script of control/           it lives           it is awaited, and commands wait behind it
//                                        it is gone         its signal is sent: nobody can say that it has seen to it
//
// Where it cannot be told whether a process lives (no /proc, no pidfd_open(2)) that is said, and it counts as gone.
#pragma once

#include "model/lock_record.hpp"
#include "runsv/service.hpp"

namespace runsuite::runsv {

// Where this runsv is.
struct Place {
    ProcessSpace space;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
};

// Whether the record is one of this place. That its life goes on is another question, which a living process answers.
bool is_from(const Place& place, const LockRecord& record);

struct Living {
    bool process = false;
    bool script = false;
};

// `fresh` is the service as it would be without a record. Where a script is awaited that is gone, the answer has it without
// a pid: its end has to be fed.
Service inherited(const Service& fresh, const LockRecord& record, Living living);

}  // namespace runsuite::runsv
