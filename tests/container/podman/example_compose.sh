#!/bin/sh
# examples/compose: two containers, healthy, stopped within their grace period
. "$(dirname "$0")/lib.sh"

command -v podman-compose >/dev/null || skip "there is no podman-compose here"
nginx=$(command -v nginx || echo /usr/sbin/nginx)
[ -x "$nginx" ] || skip "there is no nginx here"
project=compose-$$
trial() {
    podman network create "$project" && podman run --rm --pull=never --network "$project" localhost/alpine /bin/true
}
trial >"$scratch/trial" 2>&1 || reason=$(cat "$scratch/trial")
podman network rm -f "$project" >/dev/null 2>&1
[ -z "${reason:-}" ] || skip "there are no networks here: $reason"
package nginx "$nginx"
mkdir -p "$scratch/packages/busybox-extras"
build "$source/examples/nginx-app"

for name in $(sed -n 's/^ *image: //p' "$source/examples/compose/compose.yaml" "$source/examples/kubernetes/pod.yaml"); do
    check "$name is what the READMEs call an image" grep -rq "docker build -t $name " "$source/examples" --include=README.md
done

# As it is, but for the image's name, and for the port, which podman would take from this machine.
copy_example compose
sed -i "s,image: nginx-app,image: $image,; /ports:/d; /8080:8080/d" "$scratch/example/compose.yaml"
compose() {
    (cd "$scratch/example" && podman-compose -p "$project" "$@" >"$scratch/compose" 2>&1)
}
also_remove=remove_project
remove_project() {
    compose down -t 0
    podman network rm "${project}_default" >/dev/null 2>&1
    remove_image
}

compose up -d || { fail "it goes up: $(cat "$scratch/compose")"; end; }
c=${project}_worker_1
await says 'hello from the worker' || fail "the worker has its environment"
check "the worker is healthy, as its image says" podman healthcheck run "$c"
c=${project}_web_1
await podman healthcheck run "$c" || fail "the web server is healthy, as the file says"
compose stop -t 20
check "the web server stops with 0" [ "$(podman inspect -f '{{.State.ExitCode}}' "$c")" = 0 ]
c=${project}_worker_1
check "the worker stops with 0" [ "$(podman inspect -f '{{.State.ExitCode}}' "$c")" = 0 ]
check "and came to its end" says 'worker: the last job is done'

end
