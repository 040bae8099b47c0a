#!/bin/sh
# the exit code of a container with runit says how it ended, whatever stage failed or was missing
. "$(dirname "$0")/lib.sh"

service_that_tells web
up() {
    run_machine "$@"
    await_line started web
}
# in_order TEXT...: the container has said these, one after the other.
in_order() {
    podman logs "$c" 2>&1 | {
        for text; do
            while read -r line; do case $line in *"$text"*) continue 2 ;; esac done
            echo "'$text' does not follow"
            exit 1
        done
    }
}

usual_stages
stage 1 <<'S'
kill -SEGV $$
S
run_machine
ends 111 "a stage 1 that crashes"
check "it skips stage 2" went_through 3
check "and says so" in_order 'child crashed: /etc/runit/1 (killed 11)' 'skipping stage 2' 'enter stage: /etc/runit/3'

usual_stages
stage 1 <<'S'
exit 100
S
run_machine
ends 111 "a stage 1 that exits 100"
check "it skips stage 2" went_through 3

usual_stages
rm "$scratch/runit/1"
up
stop
ends 0 "no stage 1"
check "stages 2 and 3 were entered" went_through 2 3
check "it says so" says 'fatal: unable to start child: /etc/runit/1: file does not exist ['

usual_stages
rm "$scratch/runit/2"
run_machine
ends 111 "no stage 2"
check "stage 3 was entered" went_through 1 3
check "there was a shell, and one more attempt" in_order \
    'fatal: unable to start child: /etc/runit/2: file does not exist' 'rescue shell: /bin/sh' \
    'fatal: unable to start child: /etc/runit/2: file does not exist' 'enter stage: /etc/runit/3'

usual_stages
chmod 644 "$scratch/runit/3"
up
stop
ends 0 "a stage 3 that is not executable"
check "it says so" says 'fatal: unable to start child: /etc/runit/3: access denied ['

usual_stages
stage 2 <<'S'
echo 2 >>/scratch/stages
[ "$(grep -c 2 /scratch/stages)" -eq 1 ] && kill -KILL $$
exit 0
S
run_machine
ends 0 "a stage 2 that exits 0"
check "the one that crashed before was started again" went_through 1 2 2 3
check "it says so" in_order 'child crashed: /etc/runit/2 (killed 9)' 'restarting.' 'enter stage: /etc/runit/2'

usual_stages
stage 2 <<'S'
trap '' TERM
touch /scratch/deaf
while :; do sleep 0.05; done
S
echo 1 >"$scratch/runit/grace"
run_machine
await [ -e "$scratch/deaf" ] || fail "stage 2 is entered"
stop
ends 0 "a stage 2 that does not hear"
check "it was killed when its grace was over" in_order 'stage 2 not terminated, sending sigkill' 'enter stage: /etc/runit/3'

# With the right to end a machine the kernel ends the container, and podman adds 128 to the signal.
usual_stages
up --cap-add SYS_BOOT
stop
ends 130 "the end, with the right to it"
check "through stage 3" went_through 1 2 3
usual_stages
up --cap-add SYS_BOOT
check "init 6 is taken" inside /sbin/init 6
ends 129 "a reboot, with the right to it"
check "through stage 3" went_through 1 2 3

# Without any right at all, on a root that cannot be written.
usual_stages
chmod -R a+rwX "$scratch/service"
up --read-only --cap-drop all --security-opt no-new-privileges
stop
ends 0 "without rights"
check "through stage 3" went_through 1 2 3

if command -v catatonit >/dev/null || [ -x /usr/libexec/podman/catatonit ]; then
    run_machine --init
    ends 111 "as something other than process 1"
    check "it says so" says '- runit: fatal: must be run as process no 1.'
fi

end
