#!/bin/sh
# examples/kubernetes: a pod, asked by its probes, stopped within its grace period, with a shared process 1 too
. "$(dirname "$0")/reader.sh"

nginx=$(command -v nginx || echo /usr/sbin/nginx)
[ -x "$nginx" ] || skip "there is no nginx here"
command -v catatonit >/dev/null || [ -x /usr/libexec/podman/catatonit ] || skip "there is no catatonit here, which pods need"
package nginx "$nginx"
mkdir -p "$scratch/packages/busybox-extras"
podman build -q -t nginx-app "$source/examples/nginx-app" >/dev/null || { fail "the image builds"; end; }

follow "$source/examples/kubernetes/README.md" "$source"
commands | grep '^kubectl ' | while read -r command; do leaves_out "$command"; done # there is no cluster here
pod=nginx-app
c=$pod-services
cp "$source/examples/kubernetes/pod.yaml" "$scratch/pod.yaml"

# number OF: a number in the file.
number() {
    sed -n "s/.*$1[: ]* \([0-9]*\).*/\1/p" "$scratch/pod.yaml"
}
check "runsvdir is done before the grace period is over" [ "$(number -g)" -lt "$(number terminationGracePeriodSeconds)" ]

play() {
    types 'podman kube play examples/kubernetes/pod.yaml' || { fail "the pod runs: $(cat "$scratch/said")"; end; }
}

# probe NAME: its command, out of the file, in the container.
probe() {
    probe=$(sed -n "/$1Probe:/,/command:/s/.*command: \[\(.*\)\].*/\1/p" "$scratch/pod.yaml" | tr -d '",')
    # shellcheck disable=SC2086 # words
    inside $probe >/dev/null
}

play
await probe readiness || fail "it gets ready"
does_soon 'podman exec nginx-app-services sv -w 3 check app nginx'
check "it is alive" probe liveness
check "podman's own liveness probe agrees" podman healthcheck run "$c"
check "with the options of the file" inside sh -c 'tr "\0" " " </proc/1/cmdline | grep -q "^runsvdir -o -g 27 "'
inside sv pause app >/dev/null
probe readiness && fail "it is not ready when the application does not answer"
check "it is alive all the same" probe liveness
inside sv cont app >/dev/null
await probe readiness || fail "it is ready again"
inside sh -c 'kill -9 $(cat /etc/service/app/supervise/pid)'
await sh -c "[ \$(podman inspect -f '{{.RestartCount}}' $c) -eq 1 ]" || fail "an essential service ends: a new container"
await probe readiness || fail "which gets ready"
quietly podman pod stop -t "$(number terminationGracePeriodSeconds)" "$pod" >/dev/null
check "it stops with 0" [ "$(podman inspect -f '{{.State.ExitCode}}' "$c")" = 0 ]
types 'podman kube down examples/kubernetes/pod.yaml' || fail "it goes down: $(cat "$scratch/said")"

sed -i 's/^spec:/&\n  shareProcessNamespace: true/' "$scratch/pod.yaml"
quietly podman kube play "$scratch/pod.yaml" >"$scratch/said" || { fail "the pod runs: $(cat "$scratch/said")"; end; }
await probe readiness || fail "with one process 1 for the pod: it gets ready"
check "runsvdir is not process 1, and knows" inside sh -c 'ps | grep "[r]unsvdir -i -o -g 27"'
quietly podman stop -t "$(number terminationGracePeriodSeconds)" "$c" >/dev/null
check "it stops with 0" [ "$(podman inspect -f '{{.State.ExitCode}}' "$c")" = 0 ]

# Nothing can be written but in an emptyDir, and by nobody who is root.
mkdir "$scratch/hello"
follow "$source/examples/alpine-base/README.md" "$scratch/hello"
block 'Then a service is a script. In an empty directory, `hello`:' hello
block 'and `Dockerfile`:' Dockerfile
chmod +x hello
docker build -q -t hello . >/dev/null 2>&1 || fail "the image of a service builds"
follow "$source/examples/kubernetes/README.md" "$source"
types 'podman kube play examples/kubernetes/read-only.yaml' || fail "the pod runs: $(cat "$scratch/said")"
c=read-only-services
does_soon 'podman exec read-only-services sv check hello'
check "as that user" [ "$(inside id -u)" = 12345 ]
check "read-only" sh -c "! podman exec $c touch /etc/service/file 2>/dev/null"
check "without capabilities" inside grep -q '^CapEff:.0*$' /proc/1/status
check "nothing is complained about" [ "$(podman logs $c 2>&1)" = 'Hello from a service' ]
types 'podman kube down examples/kubernetes/read-only.yaml' || fail "it goes down: $(cat "$scratch/said")"
all_is_typed

end
