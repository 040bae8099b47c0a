#!/bin/sh
# init becomes runit as process 1 of a container, which init 0 and init 6 end
. "$(dirname "$0")/lib.sh"

service_that_tells web
up() {
    usual_stages
    run_machine --entrypoint /sbin/init "$@"
    await_line started web
}
mode_of() { stat -c %a "$scratch/runit/$1"; }

up
check "process 1 has become runit" [ "$(inside cat /proc/1/comm)" = runit ]
check "other arguments are wrong usage, and change nothing" sh -c \
    "[ \"\$(podman exec $c /sbin/init 1 2>&1)\" = 'usage: /sbin/init 0|6' ]"
check "init 0 is taken" inside /sbin/init 0
ends 0 "init 0"
check "init 0: the service was told" has told web
check "init 0: through stage 3" went_through 1 2 3
check "init 0: the flags are clear" [ "$(mode_of stopit) $(ls "$scratch/runit" | grep -c reboot)" = '0 0' ]

up
check "init 6 is taken" inside /sbin/init 6
ends 129 "init 6"
check "init 6: it says so" says '- runit: system reboot. ['
check "init 6: the service was told" has told web
check "init 6: through stage 3" went_through 1 2 3
check "init 6: the flags are as the page has them" [ "$(mode_of stopit) $(mode_of reboot)" = '0 100' ]
rm "$scratch/started"
podman start "$c" >/dev/null
await_line started web
check "init 0 takes the reboot back" inside /sbin/init 0
ends 0 "init 0 after init 6"

# By one of its own, too, and where init is not to change anything.
service last <<'S'
until [ -e /scratch/started ]; do sleep 0.05; done
exec /sbin/init 6
S
up
ends 129 "a service that runs init 6"
rm -r "$scratch/service/last" "$scratch/service/web/supervise"
chmod a+w "$scratch/service/web"
up --user 1000:1000
check "a user who may not is told why" sh -c \
    "podman exec $c /sbin/init 0 2>&1 | grep -qx 'init: fatal: unable to create /etc/runit/stopit: access denied'"
stop
ends 0 "as a user"

# A container from whose image runit has been lost.
touch "$scratch/nothing"
run_machine --entrypoint /sbin/init -v "$scratch/nothing:/sbin/runit"
ends 0 "without runit"
check "without runit it says so, and is a shell" says 'init: fatal: unable to run /sbin/runit: access denied'

end
