#!/bin/sh
# 10,000 orphans are reaped as they die, 500 at one moment
. "$(dirname "$0")/lib.sh"

# A thousand processes are what is allowed: batches, each of which dies together when the pipe that it reads is closed.
cat >"$scratch/orphans" <<'S'
mkfifo /tmp/pipe
batch=0
while [ $batch -lt 20 ]; do
    exec 3<>/tmp/pipe
    sh -c 'i=0; while [ $i -lt 500 ]; do { read -r line; } <&4 3>&- & i=$((i + 1)); done' 4</tmp/pipe
    adopted=$(grep -sxc 'PPid:.1' /proc/[0-9]*/status | grep -c ':1$')
    [ "$adopted" -ge 500 ] || exit 1
    exec 3>&-
    tries=0
    until [ "$(grep -sxc 'PPid:.1' /proc/[0-9]*/status | grep -c ':1$')" -lt 10 ]; do
        tries=$((tries + 1))
        [ $tries -lt 500 ] || exit 1
    done
    batch=$((batch + 1))
done
! grep -s 'State:.Z' /proc/[0-9]*/status
S
service_that_tells web
run_services
await_line started web
check "they live, die, and none is a zombie" inside sh /scratch/orphans
stop
check "it stops as ever" [ "$(exit_code)" = 0 ]

end
