#!/bin/sh
# examples/alpine-base: all that its README says, typed as it is there
reader_builds=yes
. "$(dirname "$0")/reader.sh"

follow "$source/examples/alpine-base/README.md" "$source"
leaves_out "docker build -t runsuite-base -f examples/alpine-base/Dockerfile ." # which is in the test that builds it
mkdir "$scratch/empty"
cd "$scratch/empty" || exit 1
block 'Then a service is a script. In an empty directory, `hello`:' hello
block 'and `Dockerfile`:' Dockerfile
types 'chmod +x hello'
types 'docker build -t hello .' || fail "it builds: $(cat "$scratch/said")"
types 'docker run -d --name hello -e GREETING=Hello hello' || fail "it runs: $(cat "$scratch/said")"
does_soon 'docker logs hello'
does_soon 'docker exec hello sv status hello'
does 'docker exec hello sv restart hello'
before=$(centiseconds)
types 'docker stop hello'
check "the stop takes no time" [ $(($(centiseconds) - before)) -lt 200 ]
does 'docker wait hello'

types "docker run --rm hello sh -c 'until sv check hello; do sleep 0.1; done >/dev/null; sv status hello'" ||
    fail "a command waits for a service: $(cat "$scratch/said")"
check "and finds it up" grep -q '^run: hello: (pid ' "$scratch/said"
docker run --rm hello nosuch >/dev/null 2>"$scratch/said"
check "a command that is not there is 127" [ $? -eq 127 ]
echo 'sv status hello; exit 5' | script -qec 'docker run --rm -it hello sh' /dev/null >"$scratch/said"
check "there is a shell beside the services, and its exit code is the container's" [ $? -eq 5 ]
before=$(centiseconds)
docker run --rm -e RUNSVDIR_OPTIONS='--grace 20' hello >"$scratch/said" 2>&1
check "options that cannot be understood end it with 100" [ $? -eq 100 ]
check "at once" [ $(($(centiseconds) - before)) -lt 300 ]
check "and are named" grep -q 'unable to understand the option --grace' "$scratch/said"
docker run --rm -e SVDIR=/nowhere hello >"$scratch/said" 2>&1
check "a services directory that is not there ends it with 111" [ $? -eq 111 ]
check "and is named" grep -q 'unable to use the services directory /nowhere: file does not exist' "$scratch/said"

for name in any-user read-only both; do
    types "$(commands | grep -- "--name $name ")" || fail "$name runs: $(cat "$scratch/said")"
    await docker exec "$name" sv check hello || fail "$name: the service is up"
    docker logs "$name" >"$scratch/said" 2>&1
    check "$name: nothing is complained about" [ "$(cat "$scratch/said")" = ' from a service' ]
done
check "as that user" [ "$(docker exec any-user id -u)$(docker exec both id -u)" = 1234512345 ]
check "read-only" sh -c '! docker exec read-only touch /etc/service/file 2>/dev/null'
check "without capabilities" docker exec both grep -q '^CapEff:.0*$' /proc/1/status
does 'docker exec both sv status hello'
docker stop any-user read-only both >/dev/null 2>&1
check "all of them stop with 0" [ "$(docker wait any-user read-only both | tr '\n' ' ')" = '0 0 0 ' ]
docker run --rm --read-only -e SVSTATE= hello >"$scratch/said" 2>&1
check "without any place for the state it ends with 111" [ $? -eq 111 ]
check "and says why" grep -q 'unable to supervise any service, for instance hello: read-only file system' "$scratch/said"

# The bases, by its words, and a service on each.
cd "$source" || exit 1
for base in debian busybox glibc; do
    types "$(commands | grep -- "-t runsuite-$base ")" || fail "the base image builds on $base: $(cat "$scratch/said")"
    sed "s,runsuite-base,runsuite-$base," "$scratch/empty/Dockerfile" >"$scratch/empty/Dockerfile.$base"
    docker build -q -f "$scratch/empty/Dockerfile.$base" -t "hello-$base" "$scratch/empty" >/dev/null 2>&1 ||
        fail "a service on $base builds"
    quietly docker run -d --name "$base" -e GREETING=Hello "hello-$base" >/dev/null
    await sh -c "docker logs $base 2>&1 | grep -q 'Hello from a service'" || fail "a service runs on $base"
    check "it is healthy" docker healthcheck run "$base"
    docker stop "$base" >/dev/null 2>&1
    check "and stops with 0" [ "$(docker wait "$base")" = 0 ]
done
all_is_typed

# On an image that wants to be stopped by QUIT, as nginx's does.
printf 'FROM localhost/alpine\nSTOPSIGNAL SIGQUIT\n' | docker build -q -t quits - >/dev/null
docker build -q -t runsuite-quits --build-arg BASE=quits -f examples/alpine-base/Dockerfile . >/dev/null 2>&1 ||
    fail "the base image builds on one that wants QUIT"
service_that_tells web
quietly docker run -d --name quits -v "$scratch/service:/etc/service" -v "$scratch:/scratch" runsuite-quits >/dev/null
await_line started web
docker stop quits >/dev/null 2>&1
check "whatever stops its base, it is stopped by TERM" has told web

end
