#!/bin/sh
# examples/syslog: what is sent to syslog(3) is in the log, up to the last line
. "$(dirname "$0")/lib.sh"

copy_example syslog
cat >"$scratch/example/service/clock/run" <<'S'
#!/bin/sh
sv check 00-syslog >/dev/null || exit 1
trap 'i=0; while [ $i -lt 100 ]; do logger -t web "line $i"; i=$((i + 1)); done; exit' TERM
logger -t web started
while :; do sleep 0.05; done
S
build "$scratch/example"
run_image -v "$scratch:/var/log" "$image"
await grep -q 'web: started' "$scratch/syslog/current" || fail "it is logged"
check "a second program can log" inside logger -t me 'by hand'
await grep -q 'me: by hand' "$scratch/syslog/current" || fail "what it said is logged"
stop
check "it stops with 0" [ "$(exit_code)" = 0 ]
check "the last lines of a service that is stopped are there" [ "$(cat "$scratch"/syslog/* | grep -c 'web: line')" -eq 100 ]

end
