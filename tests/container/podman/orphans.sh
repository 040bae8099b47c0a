#!/bin/sh
# 10,000 orphans are reaped as they die, 500 at one moment
. "$(dirname "$0")/lib.sh"

service_that_tells web
run_services
await_line started web
check "they live, die, and none is a zombie" podman exec -i "$c" sh -s 20 <"$source/tests/container/podman/orphans"
stop
check "it stops as ever" [ "$(exit_code)" = 0 ]

end
