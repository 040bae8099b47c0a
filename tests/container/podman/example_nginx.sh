#!/bin/sh
# examples/nginx-app: nginx in front of an application; either's end ends the container, with its code
. "$(dirname "$0")/lib.sh"

nginx=$(command -v nginx || echo /usr/sbin/nginx)
[ -x "$nginx" ] || skip "there is no nginx here"
package nginx "$nginx"
mkdir -p "$scratch/packages/busybox-extras" # its httpd is in the base already
build "$source/examples/nginx-app"

up() {
    run_image "$image"
    await inside sv -w 10 check app nginx || { fail "both run and answer"; end; }
    check "the page of the application comes through nginx" sh -c "
        podman exec $c wget -q -O - http://127.0.0.1:8080/ | grep -q 'An application behind nginx'"
}

# ends CODE SENTENCE: within a few seconds
ends() {
    code=$(exit_code)
    took=$(($(centiseconds) - before))
    check "$2: $1, not $code" [ "$code" = "$1" ]
    check "$2: in less than 6 s, which is before anything is killed ($took cs)" [ $took -lt 600 ]
}

up
check "it is healthy" podman healthcheck run "$c"
before=$(centiseconds)
stop
ends 0 "podman stop"
check "nobody was killed" sh -c "! podman logs $c 2>&1 | grep killed"

up
before=$(centiseconds)
inside sh -c 'kill -9 $(cat /etc/service/app/supervise/pid)'
ends 137 "the application is killed"
check "it says why" says 'app, which is essential, has ended (killed 9): everything is stopped'

up
before=$(centiseconds)
inside sh -c 'kill -9 $(cat /etc/service/nginx/supervise/pid)'
ends 137 "nginx is killed"

up
inside sh -c 'echo nonsense >/etc/nginx/nginx.conf'
check "a restart is asked for, and no reason to stop" inside sv -w 10 restart app
before=$(centiseconds)
inside sv -w 0 restart nginx >/dev/null
ends 1 "nginx with a broken configuration"

end
