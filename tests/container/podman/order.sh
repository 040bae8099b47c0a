#!/bin/sh
# with -o services start in the order of their names and stop in the reverse order
. "$(dirname "$0")/lib.sh"

for name in database middle web; do
    service $name <<S
trap 'echo told $name >>/scratch/stopped; sleep 0.2; echo ended $name >>/scratch/stopped; exit' TERM
printf '%s runsv\\n%s $name\\n' "\$PPID" "\$\$" >>/scratch/started
while :; do sleep 0.05; done
S
done
run_services -e RUNSVDIR_OPTIONS=-o
for name in database middle web; do await_line started "[0-9]* $name"; done
stop
check "it exits 0" [ "$(exit_code)" = 0 ]
# Which pids tell, as each is one more than the last. Which script gets to write first does not: it runs beside the next start.
in_order_of_start() { sort -n "$scratch/started" | cut -d ' ' -f 2 | tr '\n' ' '; }
check "the start is in order, each runsv after the service before" [ "$(in_order_of_start)" = \
    'runsv database runsv middle runsv web ' ]
check "the stop is in the reverse order, each told when the one before had ended" [ "$(tr '\n' ' ' <"$scratch/stopped")" = \
    'told web ended web told middle ended middle told database ended database ' ]

end
