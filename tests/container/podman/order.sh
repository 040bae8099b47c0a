#!/bin/sh
# with -o services start in the order of their names and stop in the reverse order
. "$(dirname "$0")/lib.sh"

for name in database middle web; do
    service $name <<S
trap 'echo "\$(cut -d" " -f1 /proc/uptime) $name" >>/scratch/stopped; sleep 0.3; exit' TERM
echo $name >>/scratch/started
while :; do sleep 0.05; done
S
done
run_services -e RUNSVDIR_OPTIONS=-o
await_line started web
stop
check "it exits 0" [ "$(exit_code)" = 0 ]
check "the start is in order" [ "$(tr '\n' ' ' <"$scratch/started")" = 'database middle web ' ]
check "the stop is in the reverse order" [ "$(cut -d' ' -f2 "$scratch/stopped" | tr '\n' ' ')" = 'web middle database ' ]
check "each had ended before the next was told" awk '
    NR > 1 && $1 - last < 0.3 { bad = 1 } { last = $1 } END { exit bad || NR != 3 }' "$scratch/stopped"

end
