#!/bin/sh
# it works read-only, as any user, without capabilities, each and all of it, with nothing for it in the Dockerfile
. "$(dirname "$0")/lib.sh"

service_that_tells web
service web log/run <<'S'
mkdir -p /scratch/log
exec svlogd /scratch/log
S
service web finish <<'S'
sv status web >/scratch/asked
S
service job <<'S'
until [ -e /scratch/end ]; do sleep 0.05; done
exit 7
S
touch "$scratch/service/job/essential"
printf 'FROM %s\nCOPY service /etc/service\n' "$base" >"$scratch/Dockerfile"
build "$scratch"

quiet() {
    "$@" >/dev/null
}

# works WHAT OPTION...
works() {
    what=$1
    shift
    rm -rf "$scratch/started" "$scratch/told" "$scratch/log" "$scratch/asked" "$scratch/end"
    run_image -v "$scratch:/scratch" "$@" "$image"
    await_line started web
    check "$what: it can be asked" quiet inside sv -w 10 check web job
    await inside sh -c "sv status web | grep -q '; run: log: '" || fail "$what: and its log"
    check "$what: it can be told" quiet inside sv -w 10 restart web
    check "$what: the finish of a service can ask" grep -q ': web: ' "$scratch/asked"
    check "$what: it is healthy" quiet inside sh -c 'sv -w 5 check "${SVDIR:-/etc/service}"/*/'
    rm "$scratch/told"
    stop
    check "$what: it exits 0" [ "$(exit_code)" = 0 ]
    check "$what: the service was told" has told web
    touch "$scratch/end"
    podman start "$c" >/dev/null 2>&1
    ends 7 "$what: started anew, an essential service ends it"
    podman logs "$c" 2>&1 | grep -v 'job, which is essential, has ended' >"$scratch/complaints"
    check "$what: nothing was complained about: $(cat "$scratch/complaints")" [ ! -s "$scratch/complaints" ]
}

works "as root"
works "read-only" --read-only --tmpfs /run
works "as any user" --user 12345
works "without capabilities" --cap-drop all
works "read-only, as any user" --read-only --tmpfs /run --user 12345:12345
works "read-only, without capabilities" --read-only --tmpfs /run --cap-drop all
works "as any user, without capabilities" --user 12345 --cap-drop all
works "all of it" --read-only --tmpfs /run --user 12345 --cap-drop all --security-opt no-new-privileges

# With links that lead nowhere yet, by more than one level.
printf 'FROM %s\nCOPY service /etc/service\nRUN cd /etc/service && for s in *; do ln -s /sv/state/$s $s/supervise; done\n' \
    "$base" >"$scratch/Dockerfile"
remove_image
build "$scratch"
works "with links, all of it" --read-only --tmpfs /sv --user 12345 --cap-drop all --tmpfs /run

end
