#!/bin/sh
# examples/go-multi-service: two servers of one program, stopped in the reverse order, no request cut
. "$(dirname "$0")/lib.sh"

# The program itself where there is Go, else one that does the same.
mkdir "$scratch/server"
if command -v go >/dev/null; then
    (cd "$source/examples/go-multi-service" && CGO_ENABLED=0 GOCACHE=$scratch/go go build -o "$scratch/server/server" .)
    echo "with $(go version)"
else
    "$(cat "$work/compiler")" -O2 -static -o "$scratch/server/server" "$source/tests/container/podman/stand_in.cpp"
    echo "with a stand-in for the Go program: there is no Go here"
fi || { fail "the server builds"; end; }
printf 'FROM scratch\nCOPY server /server\n' >"$scratch/server/Dockerfile"
build "$scratch/server"
server=$image
also_remove=remove_both
remove_both() {
    podman rmi "$image" "$server" >/dev/null 2>&1
}
podman tag "$image" "$image-server"
server=$image-server
build "$source/examples/go-multi-service" --build-arg SERVER="$server"
also_remove=remove_both

run_image "$image"
await inside sv -w 10 check api web || fail "both run and answer"
check "api answers" [ "$(inside wget -q -O - http://127.0.0.1:8081/)" = 'hello from api' ]
check "web answers" [ "$(inside wget -q -O - http://127.0.0.1:8080/)" = 'hello from web' ]
inside sh -c 'echo asking; exec wget -q -O - http://127.0.0.1:8081/slow' >"$scratch/slow" &
await grep -q asking "$scratch/slow"
await inside sh -c 'netstat -tn | grep -q ":8081 .*ESTABLISHED"' || fail "a slow request has begun"
stop
wait
check "it stops with 0" [ "$(exit_code)" = 0 ]
check "the slow request was answered" has slow 'hello from api'
podman logs "$c" 2>&1 | grep 'ing$\|ed$' >"$scratch/said"
check "web stopped before api was told" [ "$(tr '\n' ' ' <"$scratch/said")" = \
    'web: stopping web: stopped api: stopping api: stopped ' ]
check "nothing was killed" sh -c "! podman logs $c 2>&1 | grep killed"

end
