#!/bin/sh
# examples/sshd: a login by key, host keys of its own
. "$(dirname "$0")/lib.sh"

for program in /usr/sbin/sshd /usr/bin/ssh /usr/bin/ssh-keygen; do
    [ -x $program ] || skip "there is no $program here"
done
package openssh-server /usr/sbin/sshd
package openssh-keygen /usr/bin/ssh-keygen /usr/bin/ssh
# What Alpine's package does: the user sshd.
mkdir -p "$scratch/packages/openssh-server/etc"
cat "$work/alpine/etc/passwd" - >"$scratch/packages/openssh-server/etc/passwd" <<'P'
sshd:x:22:65534:sshd:/var/empty:/sbin/nologin
P
build "$source/examples/sshd"

ssh-keygen -q -t ed25519 -N '' -f "$scratch/key"
run_image -e AUTHORIZED_KEY="$(cat "$scratch/key.pub")" -v "$scratch/key:/tmp/key:ro" "$image"
await says 'Server listening on' || fail "sshd is up"
login() {
    inside ssh -q -i /tmp/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null root@127.0.0.1 "$@"
}
check "a key logs in" [ "$(login echo welcome)" = welcome ]
check "a session sees the services" [ "$(login sv status | cut -d: -f1,2)" = 'run: sshd' ]
inside sv -w 10 restart sshd >/dev/null
await login true || fail "it is restarted"
check "the image has no host keys, the container has" [ "$(
    podman run --rm --pull=never --network none --no-healthcheck --entrypoint /bin/ls "$image" /etc/ssh 2>/dev/null)" = sshd_config ]
stop
check "it stops with 0" [ "$(exit_code)" = 0 ]

end
