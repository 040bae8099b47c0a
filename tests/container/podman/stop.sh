#!/bin/sh
# podman stop lets the TERM trap of a service run to its end, and its finish
. "$(dirname "$0")/lib.sh"

service_that_tells web 1
service web finish <<'S'
echo finish >>/scratch/told
S
service_that_tells worker
run_services
await_line started web
await_line started worker
stop
check "it exits 0" [ "$(exit_code)" = 0 ]
check "every trap and the finish ran" [ "$(tr '\n' ' ' <"$scratch/told")" = 'worker web finish ' ]

end
