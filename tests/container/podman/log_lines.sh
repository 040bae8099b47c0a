#!/bin/sh
# no line of a log is lost at the stop
. "$(dirname "$0")/lib.sh"

service web <<'S'
trap 'i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i + 1)); done; exit' TERM
echo web >>/scratch/started
while :; do sleep 0.05; done
S
service web log/run <<'S'
mkdir -p /scratch/log
exec svlogd /scratch/log
S
run_services
await_line started web
stop
check "it exits 0" [ "$(exit_code)" = 0 ]
seq -f 'line %g' 0 19999 >"$scratch/expected"
cat "$scratch"/log/*.[su] "$scratch/log/current" 2>/dev/null >"$scratch/logged"
check "every line is there, in order" cmp "$scratch/expected" "$scratch/logged"

end
