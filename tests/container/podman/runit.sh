#!/bin/sh
# runit boots a container through its stages, its services answer, its orphans are reaped, and it stops by PWR or CONT
. "$(dirname "$0")/lib.sh"

service_that_tells web 0.5
service_that_tells worker
# boots OPTION...: until its services are up.
boots() {
    usual_stages
    run_machine "$@"
    await_line started web
    await_line started worker
    check "stages 1 and 2 were entered" went_through 1 2
}
# ended_in_order SENTENCE: with stage 3, and everybody told before.
ended_in_order() {
    ends 0 "$1"
    check "$1: stage 3 was run to its end" went_through 1 2 3
    check "$1: the services were told" sh -c "grep -qx web '$scratch/told' && grep -qx worker '$scratch/told'"
    check "$1: it says that it may not end a machine" \
        says '- runit: no right to end the machine, as in a container: exit 0. ['
}

boots
check "process 1 is runit" [ "$(inside cat /proc/1/comm)" = runit ]
check "the services can be asked" inside sv -w 10 check web worker
check "and restarted" inside sv -w 10 restart web
check "and ended" inside sv -w 10 down worker
check "and their states are told" sh -c "podman exec $c sv status web worker | grep -q '^run: web: (pid .*) [0-9]*s$' &&
    podman exec $c sv status web worker | grep -q '^down: worker: [0-9]*s, normally up$'"
check "500 orphans live, die, and none is a zombie" podman exec -i "$c" sh -s 1 <"$source/tests/container/podman/orphans"
check "runit that is not process 1 says so" sh -c \
    "[ \"\$(podman exec $c /sbin/runit 2>&1)\" = '- runit: fatal: must be run as process no 1.' ]"
stop
ended_in_order "the image's STOPSIGNAL"
for said in 'runsuite .*: booting\.' 'enter stage: /etc/runit/1' 'leave stage: /etc/runit/1' 'enter stage: /etc/runit/2' \
    'shutdown request\.\.\.' 'leave stage: /etc/runit/2' 'enter stage: /etc/runit/3' 'leave stage: /etc/runit/3' \
    'sending KILL signal to all processes\.\.\.' 'power off\.\.\.'; do
    check "it says $said" sh -c "podman logs $c 2>&1 | grep -q '^- runit: $said \[[0-9]*\.[0-9]* s\]\$'"
done

boots --stop-signal SIGPWR
stop
ended_in_order "--stop-signal SIGPWR"
rm "$scratch/stages" "$scratch/started" "$scratch/told"
podman start "$c" >/dev/null
await_line started web
await_line started worker
stop
ended_in_order "when it was started once more"

boots
for signal in CONT TERM HUP USR1 WINCH; do podman kill --signal $signal "$c" >/dev/null; done
check "without stopit CONT ends nothing, and neither do others" inside sv -w 10 check web worker
check "stopit is set" inside sh -c 'touch /etc/runit/stopit && chmod 100 /etc/runit/stopit'
podman kill --signal CONT "$c" >/dev/null
ended_in_order "CONT"
check "stopit was cleared" [ "$(stat -c %a "$scratch/runit/stopit")" = 0 ]

boots
podman kill --signal INT "$c" >/dev/null
await says 'warning: ctrl-alt-del does nothing: /etc/runit/ctrlaltdel: file does not exist' ||
    fail "INT without the script does nothing, and says so"
stage ctrlaltdel <<'S'
touch /etc/runit/stopit
chmod 100 /etc/runit/stopit
S
podman kill --signal INT "$c" >/dev/null
ended_in_order "INT, by its script"

end
