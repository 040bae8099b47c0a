// The runsvs that an earlier runsvdir has left: their services are ours, though they are not our children. What supervise/lock
// says tells which process it is; see lib/app/lock_file.hpp. Its end is told by a pidfd; all of them are in one epoll(7).
//
// The limit of descriptors is raised as far as it may be, and is given to no child. Where that is not enough a runsv is known
// by its mark alone, and looked for every five seconds.
//
//   Who died                  what the next runsvdir finds                 what holds
//   ------------------------  -------------------------------------------  --------------------------------------------------
//   runsvdir                  a record of a runsv that lives               it is taken over: no line, no process
//   runsvdir, then runsv      a record of one that has ended               a runsv is started; it takes its service over
//   both at once              the same                                     the same
//   runsvdir, service         a runsv, which starts the service again      it is taken over
//   runsvdir as runsv starts  no record yet: one is started, gets no lock  that one ends, and the other is taken over a second
//                             and ends                                     later; one line
//   a runsv taken over        its pidfd is readable                        the next one is started at once; two seconds later if
//                                                                          it was told to exit
//   during a removal          before TERM: no name leads to the runsv      it runs on, as nothing says that it is one of ours
//                             after it: the runsv ends by itself           it is gone
//   during a rename           the directory under its new name             it is taken over, under that name
//   during a replacement      the new directory, which has no runsv        one is started; the old one has had its TERM
//   while a runsv exits       a record of a runsv that lives               it is taken over, and the next one started after it
//   the machine, a container  a record of another boot or pid namespace    nothing is taken over
//   HUP or TERM meanwhile     services that were not looked for yet        they are looked for before everything ends
#pragma once

#include <span>

#include "base/instant.hpp"
#include "base/process_mark.hpp"
#include "posix/watch_set.hpp"
#include "runsvdir/services.hpp"

namespace runsuite::runsvdir {

class Adopted {
public:
    void open();

    // Takes over the runsv of a service in the current directory, if there is one; `known` has none. Whether there was.
    bool take_over(Services& services, Known& known);

    int fd() const { return watches_.fd(); }  // readable: some have ended
    // One that has ended, or nullptr. What it is asked for has to be taken by take_end().
    Known* ended() const;
    // The same for those that no descriptor tells of.
    Known* missed(Services& services, Instant now);
    Instant deadline() const { return look_again_; }
    // How such a one has ended, as wait(2) tells it, or -1 where nobody knows.
    static int take_end(Known& known);
    // Whether somebody had told it to.
    static bool was_told_to_exit(const Known& known);

private:
    bool keep(Known& known);

    ProcessSpace here_;
    WatchSet watches_;
    Instant look_again_ = never;
};

// To the runsv of `known`, child or not.
void signal_runsv(const Known& known, int signal);

}  // namespace runsuite::runsvdir
