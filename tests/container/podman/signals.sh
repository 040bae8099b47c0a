#!/bin/sh
# podman kill with any signal: those that mean nothing are not heard
. "$(dirname "$0")/lib.sh"

service_that_tells web
run_services
await_line started web
# TERM, INT and HUP: see exit_codes.sh. KILL and STOP reach any process 1; 32 and 33 are the C library's.
for signal in QUIT ILL TRAP ABRT BUS FPE USR1 SEGV USR2 PIPE ALRM STKFLT CHLD CONT STOP CONT TSTP TTIN TTOU URG XCPU \
    XFSZ VTALRM PROF WINCH IO PWR SYS 34 50 64; do
    podman kill --signal $signal "$c" >/dev/null || fail "$signal can be sent"
done
check "it is still there" inside sv check web
check "nothing was started again" [ "$(wc -l <"$scratch/started")" -eq 1 ]
check "nothing was said" [ -z "$(podman logs "$c" 2>&1)" ]
check "ALRM had the directory read" [ -e "$scratch/service/.forced-rescan" ]
stop
check "it stops as ever" [ "$(exit_code)" = 0 ]
check "the service was told" has told web

end
