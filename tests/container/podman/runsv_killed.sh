#!/bin/sh
# a runsv that is killed comes back, takes its service over, and says so
. "$(dirname "$0")/lib.sh"

service web <<'S'
trap 'echo web >>/scratch/told; exit' TERM
echo $$ >>/scratch/started
while :; do sleep 0.05; done
S
run_services
await [ -s "$scratch/started" ] || fail "it starts"
check "the runsv is killed" inside sh -c 'for p in /proc/[0-9]*; do
    case $(tr "\0" " " 2>/dev/null <$p/cmdline) in "runsv web "*) exec kill -9 ${p#/proc/} ;; esac
done; exit 1' 2>/dev/null
await says 'runsv web ended (killed 9) and is started again' || fail "it is told of"
pid=$(cat "$scratch/started")
await sh -c "podman exec $c sv status web | grep '^run: web: (pid $pid)'" || fail "the same process is supervised again"
stop
check "it exits 0" [ "$(exit_code)" = 0 ]
check "the service was told" has told web
check "it was started once" [ "$(wc -l <"$scratch/started")" -eq 1 ]

end
