#!/bin/sh
# the base image: a script dropped in is supervised, start-up scripts come first, the environment is there, the rest is small
. "$(dirname "$0")/lib.sh"

# What its README says, on the image as it is.
mkdir -p "$scratch/hello/hello" "$scratch/boot"
cat >"$scratch/hello/Dockerfile" <<'D'
ARG BASE=runsuite-base
FROM ${BASE}
COPY --chmod=0755 hello /etc/service/hello
COPY --chmod=0755 10-prepare /etc/runit/boot.d/10-prepare
D
cat >"$scratch/hello/hello/run" <<'S'
#!/bin/sh
exec 2>&1
echo "$GREETING from $(cat /tmp/prepared)"
exec sleep 1000
S
printf '#!/bin/sh\n[ -e /tmp/prepared ]\n' >"$scratch/hello/hello/check"
printf '#!/bin/sh\nsleep 0.2\necho %s >/tmp/prepared\n' '"$GREETING prepared"' >"$scratch/hello/10-prepare"
build "$scratch/hello"
run_image -e GREETING=Hello "$image"
await says 'Hello from Hello prepared' || fail "the start-up script came first, and the environment reaches both"
check "sv finds it" sh -c "podman exec $c sv status hello | grep '^run: hello: (pid '"
check "it is healthy" podman healthcheck run "$c"
inside sv -w 10 down hello >/dev/null
check "taken down on purpose is healthy" podman healthcheck run "$c"
inside sv -w 10 up hello >/dev/null
inside rm /tmp/prepared
check "one whose check fails is not" sh -c "! podman healthcheck run $c >/dev/null"
stop
check "it stops with 0" [ "$(exit_code)" = 0 ]

new_name
echo 'until sv check hello; do :; done >/dev/null; sv status hello; exit 5' |
    podman run -i --pull=never --network none --no-healthcheck --name "$c" "$image" sh >"$scratch/said"
check "a command runs beside the services, and its exit code is the container's" [ $? -eq 5 ]
check "it has its input and output" grep -q '^run: hello: (pid ' "$scratch/said"

printf '#!/bin/sh\nexit 9\n' >"$scratch/boot/10-fails"
chmod +x "$scratch/boot/10-fails"
run_services -v "$scratch/boot:/etc/runit/boot.d"
check "a start-up script that fails ends it with its code" [ "$(exit_code)" = 9 ]
check "and is named" says 'boot.d/10-fails failed with 9'
cat >"$scratch/boot/10-fails" <<'S'
#!/bin/sh
trap 'echo boot >>/scratch/told; exit' TERM
echo boot >/scratch/started
while :; do sleep 0.05; done
S
run_services -v "$scratch/boot:/etc/runit/boot.d"
await_line started boot
stop
check "a stop reaches one that still runs" has told boot
check "that is 143" [ "$(exit_code)" = 143 ]

# What is no service, and no script, in their directories; and another directory.
rm "$scratch/boot/10-fails"
mkdir "$scratch/boot/lost+found"
service_that_tells web
echo 'No service.' >"$scratch/service/README"
new_name
quietly podman run -d --pull=never --network none --name "$c" -e SVDIR=/elsewhere -v "$scratch/service:/elsewhere" \
    -v "$scratch:/scratch" -v "$scratch/boot:/etc/runit/boot.d" "$base" >/dev/null
await_line started web
await podman healthcheck run "$c" || fail "a file is no service, a directory no script, and SVDIR is where services are"
inside sv -w 10 exit web >/dev/null
rm -r "$scratch/service/web"
check "without any service it is not healthy" sh -c "! podman healthcheck run $c >/dev/null"
stop
rm "$scratch/started"

added=$(find "$work/programs/out" -type f ! -name start-services -exec cat {} + | wc -c)
echo "All programs of the base image have $added bytes."
if ldd "$work/programs/out/usr/sbin/chpst" >/dev/null 2>&1; then echo "They are of glibc, for which nothing is promised."
else check "all programs ($added bytes) have at most 420 KiB" [ "$added" -le 430080 ]
fi

end
