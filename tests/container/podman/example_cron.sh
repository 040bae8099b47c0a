#!/bin/sh
# examples/cron: jobs have the container's environment and output, and are told when it stops
. "$(dirname "$0")/reader.sh"

# With a job of the test's own, which is long.
copy_example cron
mkdir "$scratch/examples" && mv "$scratch/example" "$scratch/examples/cron"
cat >>"$scratch/examples/cron/crontab" <<'C'
* * * * * trap 'echo told >/proc/1/fd/1; exit' TERM; while :; do sleep 0.05; done
C
follow "$source/examples/cron/README.md" "$scratch"
types 'docker build -t cron examples/cron' || fail "it builds: $(cat "$scratch/said")"
types 'docker run -d --name cron -e GREETING=hello cron' || fail "it runs: $(cat "$scratch/said")"
c=cron
types 'docker logs -f cron' &
wait_for_minute() {
    await answers 'docker logs -f cron' || await answers 'docker logs -f cron' || await answers 'docker logs -f cron'
}
wait_for_minute || fail "the job was run within a minute"
await inside sh -c 'ps | grep "echo [t]old"' || fail "the long job runs"
stop
wait
check "it stops with 0" [ "$(exit_code)" = 0 ]
check "the job that ran was told" has said told
all_is_typed

end
