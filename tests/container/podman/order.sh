#!/bin/sh
# with -o services start in the order of their names and stop in the reverse order
. "$(dirname "$0")/lib.sh"

for name in database middle web; do
    service $name <<S
trap 'echo told $name >>/scratch/stopped; sleep 0.2; echo ended $name >>/scratch/stopped; exit' TERM
echo $name >>/scratch/started
while :; do sleep 0.05; done
S
done
run_services -e RUNSVDIR_OPTIONS=-o
await_line started web
stop
check "it exits 0" [ "$(exit_code)" = 0 ]
check "the start is in order" [ "$(tr '\n' ' ' <"$scratch/started")" = 'database middle web ' ]
check "the stop is in the reverse order, each told when the one before had ended" [ "$(tr '\n' ' ' <"$scratch/stopped")" = \
    'told web ended web told middle ended middle told database ended database ' ]

end
