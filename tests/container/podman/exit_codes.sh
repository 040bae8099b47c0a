#!/bin/sh
# the exit code says what ended the container
. "$(dirname "$0")/lib.sh"

# up OPTION...: a container that is told nothing yet
up() {
    rm -f "$scratch/started" "$scratch/told"
    run_services "$@"
    await_line started web
}

service_that_tells web
for signal in TERM INT; do
    up
    podman kill --signal $signal "$c" >/dev/null
    ends 0 "$signal"
    check "$signal: the service was told" has told web
done
up
podman kill --signal HUP "$c" >/dev/null
ends 111 HUP
check "HUP: the service was told" has told web
up
podman kill --signal KILL "$c" >/dev/null
ends 137 KILL

up -- sh -c 'until [ -e /scratch/started ]; do sleep 0.05; done; exit 3'
ends 3 "a command that ends"
check "a command: the service was told" has told web
up -- sh -c 'until [ -e /scratch/started ]; do sleep 0.05; done; kill -KILL $$'
ends 137 "a command that is killed"
run_services -- /does/not/exist
ends 127 "a command that is not there"
run_services -- /etc/passwd
ends 126 "a command that cannot be executed"

# Essential, and the order is kept: the other one is told.
service job <<'S'
until [ -e /scratch/started ]; do sleep 0.05; done
exit 7
S
touch "$scratch/service/job/essential"
up
ends 7 "an essential service that ends"
check "essential: the other one was told" has told web
check "essential: it says why" says 'job, which is essential, has ended (exited 7): everything is stopped'
service job <<'S'
until [ -e /scratch/started ]; do sleep 0.05; done
kill -SEGV $$
S
up
ends 139 "an essential service that is killed"
rm "$scratch/service/job/essential"
service job finish <<'S'
echo job >>/scratch/ended
S
up
await sh -c "[ \$(grep -c job '$scratch/ended') -ge 2 ]" || fail "it is started again"
check "one that is not essential ends nothing" [ "$(podman inspect -f '{{.State.Running}}' "$c")" = true ]

end
