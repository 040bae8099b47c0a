#!/bin/sh
# a service that ignores TERM is killed within the budget, and named
. "$(dirname "$0")/lib.sh"

service stubborn <<'S'
trap '' TERM
echo stubborn >>/scratch/started
while :; do sleep 0.05; done
S
service_that_tells web
run_services -e RUNSVDIR_OPTIONS=-g3
await_line started stubborn
await_line started web
before=$(centiseconds)
stop -t 9
took=$(($(centiseconds) - before))
check "it took less than the budget ($took cs)" [ $took -lt 400 ]
check "it exits 0: nobody had to kill it" [ "$(exit_code)" = 0 ]
check "the other one was told" has told web
check "it is waited for" says 'waiting for the end of stubborn'
check "it is named" says 'stubborn did not stop within 3 s: killed'

end
