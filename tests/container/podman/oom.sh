#!/bin/sh
# a service that runs out of memory is started again, and nothing else is touched
. "$(dirname "$0")/lib.sh"

limits='--memory 40m --memory-swap 40m'
# shellcheck disable=SC2086 # a list
podman run --rm --pull=never --network none $limits localhost/alpine /bin/true >"$scratch/trial" 2>&1 ||
    skip "memory cannot be limited here: $(cat "$scratch/trial")"
service_that_tells web
service greedy <<'S'
echo greedy >>/scratch/started
[ ! -e /scratch/again ] || exec sleep 1000
touch /scratch/again
exec tail -c 200000000 /dev/zero
S
service greedy finish <<'S'
echo "$1 $2" >>/scratch/ended
S
# shellcheck disable=SC2086
run_services $limits
await_line started web
await_line ended '-1 9'
await sh -c "[ \$(grep -c greedy '$scratch/started') -eq 2 ]" || fail "it is started again"
check "it runs" inside sv -w 10 check greedy
check "the other one was started once" [ "$(grep -c web "$scratch/started")" -eq 1 ]
stop
check "it exits 0" [ "$(exit_code)" = 0 ]
check "the other one was told" has told web

end
