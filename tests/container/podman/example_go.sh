#!/bin/sh
# examples/go-multi-service: two servers of one program, stopped in the reverse order, no request cut
. "$(dirname "$0")/reader.sh"

# The program itself where there is Go, else one that does the same; and what stands for the image that has Go.
mkdir "$scratch/golang"
if command -v go >/dev/null; then
    (cd "$source/examples/go-multi-service" && CGO_ENABLED=0 GOCACHE=$scratch/go go build -o "$scratch/golang/server" .)
    echo "with $(go version)"
else
    "$(cat "$work/compiler")" -O2 -static -o "$scratch/golang/server" "$source/tests/container/podman/stand_in.cpp"
    echo "with a stand-in for the Go program: there is no Go here"
fi || { fail "the server builds"; end; }
printf '#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\ncp /made/server "$2"\n' >"$scratch/golang/go"
chmod +x "$scratch/golang/go"
printf 'FROM localhost/alpine\nCOPY server /made/server\nCOPY go /usr/bin/go\n' >"$scratch/golang/Dockerfile"
podman build -q -t docker.io/library/golang:1.22-alpine "$scratch/golang" >/dev/null || { fail "an image for Go builds"; end; }

follow "$source/examples/go-multi-service/README.md" "$source"
types 'docker build -t go-multi-service examples/go-multi-service' || fail "it builds: $(cat "$scratch/said")"
types 'docker run -d --name servers -p 8080:8080 -p 8081:8081 go-multi-service' || fail "it runs: $(cat "$scratch/said")"
c=servers
await inside sv -w 10 check api web || fail "both run and answer"
check "api answers" [ "$(wget -q -O - http://localhost:8081/)" = 'hello from api' ]
check "web answers" [ "$(wget -q -O - http://localhost:8080/)" = 'hello from web' ]
types 'wget -q -O - http://localhost:8081/slow &' &
await inside sh -c 'netstat -tn | grep -q ":8081 .*ESTABLISHED"' || fail "a slow request has begun"
docker stop servers >/dev/null 2>&1
wait
check "it stops with 0" [ "$(exit_code)" = 0 ]
await grep -qx 'hello from api' "$scratch/said" || fail "the slow request was answered"
echo 'docker stop servers' >>"$scratch/typed"
types 'docker logs servers'
block 'The request to `/slow` takes two seconds. It is answered, and the log ends with' "$scratch/end"
while read -r line; do
    check "the log has, as in the README: $line" grep -qxF -- "$line" "$scratch/said"
done <"$scratch/end"
check "web stopped before api was told" [ "$(grep 'ing$\|ed$' "$scratch/said" | tr '\n' ' ')" = \
    'web: stopping web: stopped api: stopping api: stopped ' ]
check "nothing was killed" sh -c "! grep killed '$scratch/said'"
all_is_typed

end
