#!/bin/sh
# it works read-only, as any user, without capabilities
. "$(dirname "$0")/lib.sh"

service_that_tells web
service web log/run <<'S'
mkdir -p /scratch/log
exec svlogd /scratch/log
S
# What README.md of the base image says: one symbolic link for each supervise directory.
ln -s /sv/web "$scratch/service/web/supervise"
ln -s /sv/web.log "$scratch/service/web/log/supervise"
chmod 0555 "$scratch/service"
run_services --user 1000:1000 --cap-drop all --security-opt no-new-privileges --read-only --tmpfs /sv
await_line started web
check "it can be asked" inside sv -w 10 check web
check "as that user" [ "$(inside id -u)" = 1000 ]
stop
check "it exits 0" [ "$(exit_code)" = 0 ]
check "the service was told" has told web
check "nothing was complained about" [ -z "$(podman logs "$c" 2>&1)" ]

end
