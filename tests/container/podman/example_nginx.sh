#!/bin/sh
# examples/nginx-app: nginx in front of an application; either's end ends the container, with its code
. "$(dirname "$0")/reader.sh"

nginx=$(command -v nginx || echo /usr/sbin/nginx)
[ -x "$nginx" ] || skip "there is no nginx here"
package nginx "$nginx"
mkdir -p "$scratch/packages/busybox-extras" # its httpd is in the base already

follow "$source/examples/nginx-app/README.md" "$source"
types 'docker build -t nginx-app examples/nginx-app' || fail "it builds: $(cat "$scratch/said")"
types 'docker run -d --name web -p 8080:8080 nginx-app' || fail "it runs: $(cat "$scratch/said")"
does_soon 'wget -q -O - http://localhost:8080/'
c=web
check "it is healthy" podman healthcheck run web
types "docker exec web sh -c 'kill -9 \$(cat /etc/service/app/supervise/pid)'"
does 'docker wait web'
does 'docker logs web'
all_is_typed

up() {
    run_image nginx-app
    await inside sv -w 10 check app nginx || { fail "both run and answer"; end; }
}

# ends CODE SENTENCE: within a few seconds
ends() {
    code=$(exit_code)
    took=$(($(centiseconds) - before))
    check "$2: $1, not $code" [ "$code" = "$1" ]
    check "$2: in less than 6 s, which is before anything is killed ($took cs)" [ $took -lt 600 ]
}

up
before=$(centiseconds)
stop
ends 0 "podman stop"
check "nobody was killed" sh -c "! podman logs $c 2>&1 | grep killed"

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
