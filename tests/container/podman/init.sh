#!/bin/sh
# under podman run --init it stops in the same way, and has the orphans of its services
. "$(dirname "$0")/lib.sh"

command -v catatonit >/dev/null || [ -x /usr/libexec/podman/catatonit ] || skip "there is no catatonit here"
service_that_tells web 0.5
service parent <<'S'
sh -c 'sleep 1000 & echo $! >/scratch/orphan'
echo parent >>/scratch/started
exec sleep 1000
S
run_services --init
await_line started web
await_line started parent
check "it is not process 1, and the parent of the orphan" inside sh -c '
    orphan=$(cat /scratch/orphan)
    parent=$(sed -n "s/^PPid:.//p" /proc/$orphan/status)
    [ "$parent" -ne 1 ] && tr "\0" " " </proc/$parent/cmdline | grep -q "^runsvdir "'
stop
check "it exits 0" [ "$(exit_code)" = 0 ]
check "the service was told" has told web
podman start "$c" >/dev/null
await sh -c "[ \$(grep -c web '$scratch/started') -eq 2 ]" || fail "it starts again"
podman kill --signal HUP "$c" >/dev/null
check "HUP exits 111" [ "$(exit_code)" = 111 ]

end
