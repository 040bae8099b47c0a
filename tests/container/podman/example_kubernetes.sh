#!/bin/sh
# examples/kubernetes: a pod, asked by its probes, stopped within its grace period, with a shared process 1 too
. "$(dirname "$0")/lib.sh"

nginx=$(command -v nginx || echo /usr/sbin/nginx)
[ -x "$nginx" ] || skip "there is no nginx here"
command -v catatonit >/dev/null || [ -x /usr/libexec/podman/catatonit ] || skip "there is no catatonit here, which pods need"
package nginx "$nginx"
mkdir -p "$scratch/packages/busybox-extras"
build "$source/examples/nginx-app"

# The pod as it is, but for names, and for ports, which podman would take from this machine.
pod=pod-$$
c=$pod-services
sed "s,image: nginx-app,image: $image,; s,name: nginx-app,name: $pod,; /ports:/d; /containerPort/d" \
    "$source/examples/kubernetes/pod.yaml" >"$scratch/pod.yaml"
also_remove=remove_pod
remove_pod() {
    podman pod rm -f -t 0 "$pod" >/dev/null 2>&1
    remove_image
}

# number OF: a number in the file.
number() {
    sed -n "s/.*$1[: ]* \([0-9]*\).*/\1/p" "$scratch/pod.yaml"
}
check "runsvdir is done before the grace period is over" [ "$(number -g)" -lt "$(number terminationGracePeriodSeconds)" ]

play() {
    quietly podman kube play --network none "$scratch/pod.yaml" >"$scratch/played" || { fail "the pod runs"; end; }
}

# probe NAME: its command, out of the file, in the container.
probe() {
    probe=$(sed -n "/$1Probe:/,/command:/s/.*command: \[\(.*\)\].*/\1/p" "$scratch/pod.yaml" | tr -d '",')
    # shellcheck disable=SC2086 # words
    inside $probe >/dev/null
}

play
await probe readiness || fail "it gets ready"
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
podman pod rm -f "$pod" >/dev/null 2>&1

sed -i 's/^spec:/&\n  shareProcessNamespace: true/' "$scratch/pod.yaml"
play
await probe readiness || fail "with one process 1 for the pod: it gets ready"
check "runsvdir is not process 1, and knows" inside sh -c 'ps | grep "[r]unsvdir -i -o -g 27"'
quietly podman stop -t "$(number terminationGracePeriodSeconds)" "$c" >/dev/null
check "it stops with 0" [ "$(podman inspect -f '{{.State.ExitCode}}' "$c")" = 0 ]

end
