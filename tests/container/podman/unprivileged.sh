#!/bin/sh
# it works read-only, as any user, without capabilities
. "$(dirname "$0")/lib.sh"

service_that_tells web
service web log/run <<'S'
mkdir -p /scratch/log
exec svlogd /scratch/log
S
# The line that README.md of the base image has for this.
readme=$source/examples/alpine-base/README.md
{
    echo "FROM $base"
    echo 'COPY service /etc/service'
    sed -n 's/^    \(RUN cd .*\)/\1/p' "$readme"
} >"$scratch/Dockerfile"
build "$scratch"
options=$(sed -n 's/^    docker run \(--read-only .*\) hello$/\1/p' "$readme")
# shellcheck disable=SC2086 # a list
run_image -v "$scratch:/scratch" $options "$image"
await_line started web
check "it can be asked" inside sv -w 10 check web
check "as that user" [ "$(inside id -u)" = 1000 ]
check "nothing can be written" sh -c "! podman exec $c touch /etc/service/file 2>/dev/null"
check "without capabilities" inside grep -q '^CapEff:.0*$' /proc/1/status
stop
check "it exits 0" [ "$(exit_code)" = 0 ]
check "the service was told" has told web
check "nothing was complained about" [ -z "$(podman logs "$c" 2>&1)" ]

end
