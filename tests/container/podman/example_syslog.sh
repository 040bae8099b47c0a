#!/bin/sh
# examples/syslog: what is sent to syslog(3) is in the log, up to the last line
. "$(dirname "$0")/reader.sh"

# With a clock that has something to say at its end.
copy_example syslog
mkdir "$scratch/examples" && mv "$scratch/example" "$scratch/examples/syslog"
cat >"$scratch/examples/syslog/service/clock/run" <<'S'
#!/bin/sh
sv check 00-syslog >/dev/null || exit 1
trap 'i=0; while [ $i -lt 100 ]; do logger -t clock "line $i"; i=$((i + 1)); done; exit' TERM
logger -t clock started
while :; do sleep 0.05; done
S
follow "$source/examples/syslog/README.md" "$scratch"
types 'docker build -t syslog examples/syslog' || fail "it builds: $(cat "$scratch/said")"
types 'docker run -d --name syslog -v syslog:/var/log/syslog syslog' || fail "it runs: $(cat "$scratch/said")"
c=syslog
await inside grep -q 'clock: started' /var/log/syslog/current || fail "it is logged"
types 'docker exec syslog logger -t me hello' || fail "a second program can log: $(cat "$scratch/said")"
await inside grep -q 'user.notice me: hello' /var/log/syslog/current || fail "what it said is logged"
types 'docker exec syslog cat /var/log/syslog/current'
check "and can be read" grep -q 'user.notice me: hello' "$scratch/said"
stop
check "it stops with 0" [ "$(exit_code)" = 0 ]
quietly podman run --rm -v syslog:/logs --entrypoint /bin/cat syslog /logs/current >"$scratch/said"
check "the last lines of a service that is stopped are there" [ "$(grep -c 'clock: line' "$scratch/said")" -eq 100 ]
all_is_typed

end
