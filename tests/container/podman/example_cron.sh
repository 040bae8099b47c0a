#!/bin/sh
# examples/cron: jobs have the container's environment and output, and are told when it stops
. "$(dirname "$0")/lib.sh"

copy_example cron
cat >>"$scratch/example/crontab" <<'C'
* * * * * trap 'echo job >>/scratch/told; exit' TERM; while :; do sleep 0.05; done
C
build "$scratch/example"
run_image -e GREETING=hello -v "$scratch:/scratch" "$image"
wait_for_minute() {
    await says 'says hello' || await says 'says hello' || await says 'says hello'
}
wait_for_minute || fail "the job was run within a minute"
await inside sh -c 'ps | grep "echo [j]ob"' || fail "the long job runs"
stop
check "it stops with 0" [ "$(exit_code)" = 0 ]
check "the job that ran was told" has told job

end
