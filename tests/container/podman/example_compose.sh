#!/bin/sh
# examples/compose: two containers, healthy, stopped within their grace period
. "$(dirname "$0")/reader.sh"

command -v podman-compose >/dev/null || skip "there is no podman-compose here"
nginx=$(command -v nginx || echo /usr/sbin/nginx)
[ -x "$nginx" ] || skip "there is no nginx here"
package nginx "$nginx"
mkdir -p "$scratch/packages/busybox-extras"
podman build -q -t nginx-app "$source/examples/nginx-app" >/dev/null || { fail "the image builds"; end; }

for name in $(sed -n 's/^ *image: //p' "$source/examples/compose/compose.yaml" "$source/examples/kubernetes/pod.yaml"); do
    check "$name is what the READMEs call an image" grep -rq "docker build -t $name " "$source/examples" --include=README.md
done

follow "$source/examples/compose/README.md" "$source/examples/compose"
types 'docker compose up -d' || { fail "it goes up: $(cat "$scratch/said")"; end; }
c=compose_worker_1
await says 'hello from the worker' || fail "the worker has its environment"
does 'docker compose logs worker'
check "the worker is healthy, as its image says" podman healthcheck run "$c"
c=compose_web_1
await podman healthcheck run "$c" || fail "the web server is healthy, as the file says"
check "and answers" sh -c 'wget -q -O - http://localhost:8080/ | grep -q "An application behind nginx"'
leaves_out 'docker compose ps' # podman-compose shows no health
types 'docker compose stop' || fail "it stops: $(cat "$scratch/said")"
check "the web server stops with 0" [ "$(podman inspect -f '{{.State.ExitCode}}' "$c")" = 0 ]
c=compose_worker_1
check "the worker stops with 0" [ "$(podman inspect -f '{{.State.ExitCode}}' "$c")" = 0 ]
types 'docker compose logs worker'
check "and came to its end" grep -q 'worker: the last job is done' "$scratch/said"
all_is_typed

end
