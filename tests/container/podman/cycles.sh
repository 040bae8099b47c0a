#!/bin/sh
# starts and stops without one failure; RUNSUITE_CYCLES says how many, 12 if not set
. "$(dirname "$0")/lib.sh"

cycles=${RUNSUITE_CYCLES:-12}
for name in a b c; do service_that_tells $name; done
run_services
cycle=1
while :; do
    for name in a b c; do
        await sh -c "[ \$(grep -cx $name '$scratch/started') -eq $cycle ]" || { fail "$name is up in cycle $cycle"; end; }
    done
    podman stop "$c" >/dev/null 2>"$scratch/complaint"
    check "cycle $cycle: it exits 0" [ "$(exit_code)" = 0 ]
    check "cycle $cycle: nobody had to kill it" [ ! -s "$scratch/complaint" ]
    check "cycle $cycle: all are told" [ "$(wc -l <"$scratch/told")" -eq $((3 * cycle)) ]
    [ $failures -eq 0 ] && [ $cycle -lt "$cycles" ] || break
    cycle=$((cycle + 1))
    podman start "$c" >/dev/null
done
check "nothing was said" [ -z "$(podman logs "$c" 2>&1)" ]

end
