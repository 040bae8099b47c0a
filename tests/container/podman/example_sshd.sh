#!/bin/sh
# examples/sshd: a login by key, host keys of its own
. "$(dirname "$0")/reader.sh"

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
# The reader's key, and what ssh knows of hosts.
export HOME="$scratch/home"
mkdir -p "$HOME/.ssh"
ssh-keygen -q -t ed25519 -N '' -f "$HOME/.ssh/id_ed25519"
cat >"$scratch/bin/ssh" <<S
#!/bin/sh
exec /usr/bin/ssh -q -i "$HOME/.ssh/id_ed25519" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "\$@"
S
chmod +x "$scratch/bin/ssh"

follow "$source/examples/sshd/README.md" "$source"
types 'docker build -t sshd examples/sshd' || fail "it builds: $(cat "$scratch/said")"
types 'docker run -d --name sshd -p 2222:22 -e AUTHORIZED_KEY="$(cat ~/.ssh/id_ed25519.pub)" sshd' ||
    fail "it runs: $(cat "$scratch/said")"
c=sshd
await says 'Server listening on' || fail "sshd is up"
does_soon 'ssh -p 2222 root@localhost sv status'
all_is_typed
login() {
    ssh -p 2222 root@localhost "$@"
}
check "a key logs in" [ "$(login echo welcome)" = welcome ]
check "a session sees the services" [ "$(login sv status | cut -d: -f1,2)" = 'run: sshd' ]
inside sv -w 10 restart sshd >/dev/null
await login true || fail "it is restarted"
check "the image has no host keys, the container has" [ "$(
    podman run --rm --pull=never --network none --no-healthcheck --entrypoint /bin/ls localhost/sshd /etc/ssh 2>/dev/null)" = sshd_config ]
stop
check "it stops with 0" [ "$(exit_code)" = 0 ]

end
